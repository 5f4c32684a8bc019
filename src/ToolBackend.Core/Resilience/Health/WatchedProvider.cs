namespace ToolBackend.Core.Resilience.Health;

/// <summary>A provider to be watched.</summary>
/// <param name="Name">For logs, metrics and the shared state, such as <c>vapi</c>.</param>
/// <param name="Rules">Its thresholds.</param>
/// <param name="Probe">A synthetic request under its own deadline: null when it was served. Null: calls on trial are the probes, one at a time.</param>
/// <param name="Fingerprint">Of its address and key. A key that was refused on a replica with another configuration says nothing here.</param>
public sealed record WatchedProvider(string Name, HealthRules Rules, Func<CancellationToken, Task<HealthCause?>>? Probe = null, string Fingerprint = "");

/// <summary>One provider's health as others may know it.</summary>
/// <param name="Version">Rises with every transition on any replica.</param>
public sealed record ProviderStanding(string Provider, long Version, HealthState State);

/// <summary>A transition as it was logged.</summary>
/// <param name="IsTold">Another replica saw it first.</param>
public sealed record HealthChange(DateTimeOffset At, string Provider, HealthTransition Transition, bool IsTold);
