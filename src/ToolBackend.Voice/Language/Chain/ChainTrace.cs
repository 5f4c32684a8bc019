namespace ToolBackend.Voice.Language.Chain;

/// <summary>How one answer came about: written by the chain while it runs, for the waterfall of a turn.</summary>
public sealed class ChainTrace
{
    /// <summary>Who answered; null until the first token.</summary>
    public string? Provider { get; internal set; }

    public string? Model { get; internal set; }

    /// <summary>From the question to the first token of whoever answered, lost attempts included.</summary>
    public TimeSpan? FirstToken { get; internal set; }

    /// <summary>Requests that were sent.</summary>
    public int Attempts { get; internal set; }

    public int Hedges { get; internal set; }

    public int Failovers { get; internal set; }
}
