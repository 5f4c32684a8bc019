using System.Runtime.CompilerServices;
using System.Threading.Channels;
using ToolBackend.Core.Calls.Events;
using ToolBackend.Core.Observability;
using ToolBackend.Core.Resilience;

namespace ToolBackend.Core.Calls.Live;

/// <summary>
/// One who watches. Changes wait in a bounded queue; when it is full the subscriber is passed over, empties its queue at its own pace and goes on from the
/// table, by its cursor. Moments wait in a bounded queue of their own, from which the oldest are dropped.
/// </summary>
public sealed class LiveSubscription : IDisposable
{
    /// <summary>Changes that wait for one subscriber.</summary>
    public const int QueuedChanges = 256;

    private const int QueuedMoments = 64;
    private const int PageSize = 100;

    private static readonly TimeSpan s_retry = TimeSpan.FromSeconds(1);

    private readonly LiveFeed _feed;
    private readonly ChangeTable _table;
    private readonly TimeProvider _time;
    private readonly ITimer _heart;
    private readonly Channel<LiveItem.Change> _changes = Channel.CreateBounded<LiveItem.Change>(new BoundedChannelOptions(QueuedChanges) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });
    private readonly Channel<LiveMoment> _moments;
    private readonly Channel<bool> _signals = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private volatile bool _follows;
    private volatile bool _beats;

    internal LiveSubscription(LiveFeed feed, ChangeTable table, TimeSpan heartbeat, TimeProvider time)
    {
        _feed = feed;
        _table = table;
        _time = time;
        _moments = Channel.CreateBounded<LiveMoment>(
            new BoundedChannelOptions(QueuedMoments) { SingleReader = true, FullMode = BoundedChannelFullMode.DropOldest }, static _ => Telemetry.LiveMomentDrops.Add(1));
        _heart = time.CreateTimer(static s => ((LiveSubscription)s!).Beat(), this, heartbeat, heartbeat);
    }

    /// <summary>How often the queue was full and the table was asked instead.</summary>
    public int TimesPassedOver { get; private set; }

    /// <summary>Every change after <paramref name="after"/>, once and in order, and moments between them. Ends when cancelled, or with <see cref="LiveItem.Expired"/>. One reader.</summary>
    /// <param name="after">The last change that the reader knows; 0 for all that are kept.</param>
    public async IAsyncEnumerable<LiveItem> ReadAsync(long after, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var cursor = after;
        while (!cancellation.IsCancellationRequested)
        {
            // All there is first, which also proves the cursor. Then following, and once more what was committed in between.
            long? joined = null;
            while (joined is null || cursor < joined)
            {
                if (await CatchUpAsync(cursor, cancellation).ConfigureAwait(false) is not { } page)
                {
                    if (cancellation.IsCancellationRequested)
                    {
                        yield break;
                    }

                    yield return new LiveItem.Heartbeat();
                    continue;
                }

                if (page.IsExpired)
                {
                    yield return new LiveItem.Expired();
                    yield break;
                }

                foreach (var change in page.Changes)
                {
                    cursor = change.Seq;
                    yield return change;
                }

                if (page.Changes.Count < PageSize)
                {
                    (joined, cursor) = joined is { } there ? (there, Math.Max(cursor, there)) : (_feed.Join(this, cursor), cursor);
                }
            }

            do
            {
                while (_changes.Reader.TryRead(out var change))
                {
                    if (change.Seq > cursor)
                    {
                        cursor = change.Seq;
                        yield return change;
                    }
                }

                while (_moments.Reader.TryRead(out var moment))
                {
                    yield return new LiveItem.Told(moment);
                }

                if (_beats)
                {
                    _beats = false;
                    yield return new LiveItem.Heartbeat();
                }
            }
            while (_follows && await SignalAsync(cancellation).ConfigureAwait(false));
        }
    }

    public void Dispose()
    {
        _feed.Leave(this);
        _heart.Dispose();
    }

    internal bool Follows => _follows;

    /// <summary>The feed's lock is held.</summary>
    internal void Follow() => _follows = true;

    /// <summary>The feed's lock is held.</summary>
    internal void Offer(LiveItem.Change change)
    {
        if (_follows && !_changes.Writer.TryWrite(change))
        {
            _follows = false;
            TimesPassedOver++;
            Telemetry.LivePassedOver.Add(1);
        }

        _signals.Writer.TryWrite(true);
    }

    internal void Offer(LiveMoment moment)
    {
        _moments.Writer.TryWrite(moment);
        _signals.Writer.TryWrite(true);
    }

    private void Beat()
    {
        _beats = true;
        _signals.Writer.TryWrite(true);
    }

    /// <summary>False when cancelled.</summary>
    private async ValueTask<bool> SignalAsync(CancellationToken cancellation)
    {
        try
        {
            await _signals.Reader.ReadAsync(cancellation).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>Null when Postgres did not answer, after a pause, or when cancelled.</summary>
    private async Task<Page?> CatchUpAsync(long cursor, CancellationToken cancellation)
    {
        try
        {
            var changes = await _table.AfterAsync(cursor, PageSize, cancellation).ConfigureAwait(false);

            // Asked after the reading: what was deleted before it is noticed, what is deleted after it was read.
            return new Page(changes, !await _table.KeepsAllAfterAsync(cursor, cancellation).ConfigureAwait(false));
        }
        catch (UpstreamException)
        {
            await Task.Delay(s_retry, _time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return null;
        }
    }

    private sealed record Page(List<LiveItem.Change> Changes, bool IsExpired);
}
