namespace ToolBackend.LocalStack.Simulators.Http;

public enum SimulatorFaultKind
{
    /// <summary>The answer is an error with <see cref="SimulatorFault.Status"/> in the API's own shape.</summary>
    Status,

    /// <summary>The answer is a gateway's web page with <see cref="SimulatorFault.Status"/>.</summary>
    Html,

    /// <summary>The answer is 200 with bytes that are no JSON.</summary>
    Garbage,

    /// <summary>The request is served after <see cref="SimulatorFault.Delay"/>.</summary>
    Slow,

    /// <summary>No answer ever comes.</summary>
    Hang,

    /// <summary>The connection is cut before the request is served.</summary>
    Refuse,

    /// <summary>The request is served, and the connection cut before its answer is heard: nobody knows that it was done.</summary>
    CutAfterWork,
}

/// <summary>What a simulator does to requests instead of serving them.</summary>
public sealed record SimulatorFault(SimulatorFaultKind Kind)
{
    /// <summary>Default 500.</summary>
    public int Status { get; init; } = 500;

    /// <summary>Sent as Retry-After. Default none.</summary>
    public int? RetryAfterSeconds { get; init; }

    /// <summary>For <see cref="SimulatorFaultKind.Slow"/>. Default 2 s.</summary>
    public TimeSpan Delay { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Requests of this method only, such as POST. Null: all.</summary>
    public string? Method { get; init; }

    /// <summary>Requests whose path begins with this only. Null: all.</summary>
    public string? Path { get; init; }

    /// <summary>So many matching requests are let through first. Default 0.</summary>
    public int After { get; init; }

    /// <summary>So many matching requests are hit, then no more. Null: until the fault is cleared.</summary>
    public int? Times { get; init; }
}
