namespace ToolBackend.LocalStack.Simulators.Language;

public enum GenerationEnd
{
    Running,

    /// <summary>All was sent.</summary>
    Completed,

    /// <summary>The client closed the request; generation stopped.</summary>
    Cancelled,

    /// <summary>A fault ended it.</summary>
    Faulted,
}

/// <summary>What became of one answer. Spans count from the request.</summary>
/// <param name="Tokens">Of the whole answer, reasoning and tool calls included.</param>
public sealed record Generation(long Number, SimulatedVendor Vendor, string Model, DateTimeOffset At, int Tokens)
{
    /// <summary>Status and headers were sent.</summary>
    public TimeSpan? FirstByte { get; init; }

    public TimeSpan? FirstToken { get; init; }

    /// <summary>Cancelled, completed or cut.</summary>
    public TimeSpan? Ended { get; init; }

    public int TokensSent { get; init; }

    /// <summary>What the caller said last in the request.</summary>
    public string Asked { get; init; } = "";

    /// <summary>Timestamp of the simulator's clock when the request came.</summary>
    public long StartedAt { get; init; }

    /// <summary>Such a timestamp for each token, just before it was written; of those that were not sent, 0.</summary>
    public IReadOnlyList<long> TokensAt { get; init; } = [];

    public GenerationEnd End { get; init; }

    /// <summary>Of the connection: requests of one connection have the same.</summary>
    public string? Connection { get; init; }
}
