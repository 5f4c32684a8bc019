using System.Collections.Immutable;

namespace ToolBackend.Core.Resilience.Health;

/// <summary>What is known of one provider. Changed by <see cref="ProviderHealth"/> only.</summary>
public sealed record HealthState
{
    /// <summary>Nothing is known against it.</summary>
    public static readonly HealthState Initial = new();

    public HealthPhase Phase { get; init; }

    /// <summary>When the phase began.</summary>
    public DateTimeOffset Since { get; init; } = DateTimeOffset.MinValue;

    /// <summary>When new calls last went elsewhere than before.</summary>
    public DateTimeOffset SwitchedAt { get; init; } = DateTimeOffset.MinValue;

    /// <summary>Down until the configuration changes.</summary>
    public bool IsPermanent { get; init; }

    /// <summary>Of the last failure that counted.</summary>
    public HealthCause? Cause { get; init; }

    /// <summary>Of this time out without its jitter; of the last one when it is not down.</summary>
    public TimeSpan CoolOff { get; init; }

    /// <summary>Not probed before.</summary>
    public DateTimeOffset ProbeAt { get; init; } = DateTimeOffset.MaxValue;

    /// <summary>After the next failed probe, without its jitter.</summary>
    public TimeSpan ProbeWait { get; init; }

    /// <summary>Good ones in a row.</summary>
    public int GoodProbes { get; init; }

    /// <summary>Failures that count still, the newest last.</summary>
    public ImmutableArray<DateTimeOffset> Failures { get; init; } = [];

    /// <summary>Answers whose time counts still, the newest last.</summary>
    public ImmutableArray<(DateTimeOffset At, TimeSpan Took)> Samples { get; init; } = [];

    /// <summary>Whether new calls go there, but for those on trial.</summary>
    public bool Serves => IsServing(Phase);

    internal static bool IsServing(HealthPhase phase) => phase is HealthPhase.Healthy or HealthPhase.Suspect;
}
