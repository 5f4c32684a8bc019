using System.Collections.Concurrent;

namespace ToolBackend.Voice.Providers;

/// <summary>
/// Closes for a while what time alone does not mend: a provider that refused our key or wants money, and a model (<c>provider/model</c>) that does not exist. A call then does not
/// pay a round trip for the same refusal at every turn. Everything that may pass by itself leaves it open.
/// </summary>
internal sealed class PermanentFaultGate(TimeSpan closedFor, TimeProvider time) : IProviderGate
{
    private readonly ConcurrentDictionary<string, DateTimeOffset> _closedUntil = new(StringComparer.Ordinal);

    public bool IsOpen(string provider) => !_closedUntil.TryGetValue(provider, out var until) || time.GetUtcNow() >= until;

    public void Report(string provider, ProviderFault? fault)
    {
        switch (fault)
        {
            case null:
                _closedUntil.TryRemove(provider, out _);
                break;
            case ProviderFault.Authentication or ProviderFault.Quota:
            case ProviderFault.Rejected when provider.Contains('/', StringComparison.Ordinal):
                _closedUntil[provider] = time.GetUtcNow() + closedFor;
                break;
        }
    }
}
