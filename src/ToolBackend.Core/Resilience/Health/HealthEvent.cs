namespace ToolBackend.Core.Resilience.Health;

/// <summary>What happened to a provider. Mistakes of our own (a refused request, a tool's bug) are no events: they never take a provider out.</summary>
public abstract record HealthEvent
{
    private HealthEvent()
    {
    }

    /// <summary>It served a call.</summary>
    /// <param name="FirstByte">Time to the first byte; null when it was not measured.</param>
    public sealed record Served(TimeSpan? FirstByte = null) : HealthEvent;

    public sealed record Failed(HealthCause Cause) : HealthEvent;

    /// <summary>A synthetic request was served.</summary>
    public sealed record ProbeServed : HealthEvent;

    public sealed record ProbeFailed(HealthCause Cause) : HealthEvent;

    /// <summary>Time passed.</summary>
    public sealed record Tick : HealthEvent;

    /// <summary>The provider's address or key is another now.</summary>
    public sealed record Reconfigured : HealthEvent;
}

/// <summary>A provider went from one phase to another.</summary>
/// <param name="Cause">Why, on the way down; null on the way up.</param>
/// <param name="For">How long nobody asks it; null when it is not down, and when it is down until its configuration changes.</param>
public sealed record HealthTransition(HealthPhase From, HealthPhase To, HealthCause? Cause, TimeSpan? For)
{
    /// <summary>New calls go elsewhere than before, but for those on trial.</summary>
    public bool IsSwitch => HealthState.IsServing(From) != HealthState.IsServing(To);
}
