using ToolBackend.Core.Resilience;

namespace ToolBackend.Core.Leadership;

/// <summary>
/// Work that one replica does for all: see <see cref="LeaderLease"/>. It must bear being cut off anywhere and being run again, since leadership can end at any moment.
/// </summary>
public abstract class LeaderJob
{
    /// <summary>For logs and metrics: one of a small set, such as <c>reaper</c>.</summary>
    public abstract string Name { get; }

    /// <summary>From the end of a run to the start of the next.</summary>
    public abstract TimeSpan Interval { get; }

    /// <summary>Longest time of one run; then it is cancelled and counts as failed.</summary>
    public abstract TimeSpan Deadline { get; }

    /// <summary>Does what is due now.</summary>
    /// <param name="cancellation">Leadership ended, the host stops, or <see cref="Deadline"/> is over.</param>
    /// <exception cref="UpstreamException">Something it needs is not there: it is run again soon, then less soon.</exception>
    public abstract Task RunAsync(CancellationToken cancellation);
}
