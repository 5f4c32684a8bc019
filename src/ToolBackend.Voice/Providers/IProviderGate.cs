namespace ToolBackend.Voice.Providers;

/// <summary>What is known of a provider's health across calls. Thread-safe, never waits.</summary>
public interface IProviderGate
{
    /// <summary>Whether it may be asked now. A chain passes over a provider that may not, unless nobody else is left.</summary>
    /// <param name="provider">As definitions name it.</param>
    bool IsOpen(string provider);

    /// <param name="fault">Null: it served.</param>
    void Report(string provider, ProviderFault? fault);
}
