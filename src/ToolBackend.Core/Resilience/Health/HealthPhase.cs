namespace ToolBackend.Core.Resilience.Health;

public enum HealthPhase
{
    Healthy,

    /// <summary>It has failed lately; everybody still goes there.</summary>
    Suspect,

    /// <summary>Nobody goes there: first it cools off, then it is probed.</summary>
    Down,

    /// <summary>A small part of new calls goes there.</summary>
    Probation,
}

/// <summary>Why a provider failed, as far as its health goes.</summary>
public enum HealthCause
{
    /// <summary>Not reached.</summary>
    Connectivity,

    /// <summary>Silent beyond its deadline.</summary>
    Late,

    /// <summary>5xx, a broken answer, a stream that ended early.</summary>
    Server,

    /// <summary>429, concurrency.</summary>
    Rate,

    /// <summary>Out of credit: passes only when somebody pays, so the first time out is the longest.</summary>
    Quota,

    /// <summary>Key or permission: down until the configuration changes.</summary>
    Authentication,

    /// <summary>Too slow at p95. Never given from outside.</summary>
    Slow,
}
