using ToolBackend.Core.Calls.Events;

namespace ToolBackend.Core.Calls.Live;

/// <summary>Tells those who watch, on this replica and on others, that calls changed and what is being said.</summary>
public sealed class LiveFeed
{
    private long _newest;

    /// <summary>Sequence number of the newest change that is known to be committed.</summary>
    public long Newest => Volatile.Read(ref _newest);

    /// <summary>Changes up to this sequence number are committed.</summary>
    public void ChangesCommitted(long upTo) => Volatile.Write(ref _newest, Math.Max(upTo, Newest));

    /// <summary>Never waits; when nobody can keep up the oldest are dropped.</summary>
    public void Tell(LiveMoment moment) => ArgumentNullException.ThrowIfNull(moment);
}
