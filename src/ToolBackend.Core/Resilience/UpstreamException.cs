namespace ToolBackend.Core.Resilience;

public enum UpstreamFailure
{
    /// <summary>May work when tried again at once (deadlock, serialization failure, connection cut).</summary>
    Transient,
    /// <summary>Cannot be reached, or did not answer inside its deadline.</summary>
    Unavailable,
    /// <summary>Reached, but refuses more work now.</summary>
    Busy,
    /// <summary>Understood and refused: read-only, disk full, permission.</summary>
    Rejected,
    /// <summary>Another transaction is doing this very work and has not ended.</summary>
    InProgress,
}

/// <summary>A dependency failed. The message names the dependency and the kind of failure, never a value.</summary>
public sealed class UpstreamException(string dependency, UpstreamFailure failure, Exception? inner = null)
    : Exception($"{dependency}: {failure}", inner)
{
    public string Dependency { get; } = dependency;

    public UpstreamFailure Failure { get; } = failure;

    /// <summary>True when a COMMIT was sent and its end was never heard: the work may or may not be done.</summary>
    public bool OutcomeIsUnknown { get; init; }
}
