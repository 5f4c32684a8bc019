namespace ToolBackend.Core.Resilience.Health;

/// <summary>The thresholds of <see cref="ProviderHealth"/>. The defaults are the product's; a provider has its own latency budget only.</summary>
public sealed record HealthRules
{
    public static readonly HealthRules Default = new();

    /// <summary>Failures within <see cref="FailureWindow"/> that take a provider out. Default 3.</summary>
    public int Failures { get; init; } = 3;

    /// <summary>Default 10 s.</summary>
    public TimeSpan FailureWindow { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Time to the first byte that the provider is meant to keep. Twice as much at p95 takes it out. Default none: its time is not judged.</summary>
    public TimeSpan? Budget { get; init; }

    /// <summary>Answers that a p95 is of, at least. Default 20.</summary>
    public int Samples { get; init; } = 20;

    /// <summary>Answers older than that say nothing of now. Default 2 min.</summary>
    public TimeSpan SampleAge { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>First time out. Doubles at each relapse up to <see cref="LongestCoolOff"/>. Default 5 s.</summary>
    public TimeSpan CoolOff { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Default 5 min.</summary>
    public TimeSpan LongestCoolOff { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Part by which a time out is longer or shorter at random, so that replicas do not come back in step. Default 0.2.</summary>
    public double Jitter { get; init; } = 0.2;

    /// <summary>Probes in a row that must be good. Default 5.</summary>
    public int Probes { get; init; } = 5;

    /// <summary>From one probe to the next. Default 2 s: five of them are longer than a provider is up that flaps every five seconds.</summary>
    public TimeSpan ProbePace { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Longest wait after a failed probe; it begins with <see cref="CoolOff"/> and doubles. Default 30 s.</summary>
    public TimeSpan LongestProbeWait { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Part of new calls during probation. Default 0.05.</summary>
    public double TrialShare { get; init; } = 0.05;

    /// <summary>Shortest probation. Default 60 s.</summary>
    public TimeSpan Probation { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Shortest time between two switches. Default 60 s.</summary>
    public TimeSpan SwitchPause { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Health for so long makes the next time out the first again. Default 10 min.</summary>
    public TimeSpan Forgiven { get; init; } = TimeSpan.FromMinutes(10);
}
