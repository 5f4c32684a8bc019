namespace ToolBackend.Core.Leadership;

/// <summary>The intervals of a lease. <see cref="Grace"/> must be longer than <see cref="Probe"/> and <see cref="ProbeDeadline"/> together.</summary>
/// <param name="Retry">How often who does not lead asks for the lock, and how long who cannot connect waits.</param>
/// <param name="Probe">How often the leader proves its link.</param>
/// <param name="ProbeDeadline">A proof that takes longer is none.</param>
/// <param name="Grace">From getting the lock to the first job: by then a leader that lost it has noticed.</param>
public sealed record LeaseTimes(TimeSpan Retry, TimeSpan Probe, TimeSpan ProbeDeadline, TimeSpan Grace)
{
    public static readonly LeaseTimes Default = new(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5));
}
