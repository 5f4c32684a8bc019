using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ToolBackend.Core.Calls.Events;
using ToolBackend.Core.Data;
using ToolBackend.Core.Resilience;

namespace ToolBackend.Core.Calls.Live;

/// <summary>
/// Tells those who watch, on this replica and on others, that calls changed and what is being said.
/// </summary>
/// <remarks>
/// <code>
/// projector -> call_change -> one reader per process -> queue of each subscriber -> stream
///     \--- ChangesCommitted: wakes the reader here, and by way of Redis those of the other replicas
/// </code>
/// The table is the truth: the reader asks for what is newer than its position, so a wake-up that is lost costs time (<see cref="LiveOptions.PollMilliseconds"/>), never a
/// change. A subscriber whose queue is full is passed over and reads the table by its own cursor when it comes back, so nobody waits for the slow and nobody loses.
/// </remarks>
public sealed partial class LiveFeed : BackgroundService
{
    private const int PageSize = 500;

    /// <summary>Between two looks at the table while one change chases the next: they are read together.</summary>
    private static readonly TimeSpan s_pace = TimeSpan.FromMilliseconds(10);

    private static readonly TimeSpan s_retry = TimeSpan.FromSeconds(1);

    private readonly ChangeTable _changes;
    private readonly LiveRelay _relay;
    private readonly LiveOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<LiveFeed> _logger;
    private readonly Lock _gate = new();
    private readonly List<LiveSubscription> _subscribers = [];
    private readonly Channel<bool> _wakes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private long _newest;
    private long _position;

    public LiveFeed(Database database, LiveRelay relay, IOptions<LiveOptions> options, TimeProvider time, ILogger<LiveFeed> logger)
    {
        _changes = new ChangeTable(database);
        _relay = relay;
        _options = options.Value;
        _time = time;
        _logger = logger;
        relay.Listen(Notice, Deliver);
    }

    /// <summary>Sequence number of the newest change that is known to be committed.</summary>
    public long Newest => Volatile.Read(ref _newest);

    public int Subscribers
    {
        get
        {
            lock (_gate)
            {
                return _subscribers.Count;
            }
        }
    }

    /// <summary>Changes up to this sequence number are committed. Never waits.</summary>
    public void ChangesCommitted(long upTo)
    {
        Notice(upTo);
        _relay.Announce(upTo);
    }

    /// <summary>Never waits; when nobody can keep up the oldest are dropped.</summary>
    public void Tell(LiveMoment moment)
    {
        ArgumentNullException.ThrowIfNull(moment);
        Deliver(moment);
        _relay.Send(moment);
    }

    /// <summary>Null when there are <see cref="LiveOptions.MaxSubscribers"/> already. Disposing gives the place back.</summary>
    public LiveSubscription? TrySubscribe()
    {
        lock (_gate)
        {
            if (_subscribers.Count >= _options.MaxSubscribers)
            {
                return null;
            }

            var subscription = new LiveSubscription(this, _changes, TimeSpan.FromSeconds(_options.HeartbeatSeconds), _time);
            _subscribers.Add(subscription);
            return subscription;
        }
    }

    /// <summary>From here on <paramref name="subscriber"/> gets every change after the returned position; what is between its cursor and that is in the table.</summary>
    /// <param name="cursor">Of a committed change: the reader may go on from it.</param>
    internal long Join(LiveSubscription subscriber, long cursor)
    {
        lock (_gate)
        {
            // When nobody follows nobody needs what is before this cursor: after a quiet night that may be much.
            if (!_subscribers.Exists(s => s.Follows))
            {
                _position = Math.Max(_position, cursor);
            }

            subscriber.Follow();
            Wake();
            return _position;
        }
    }

    internal void Leave(LiveSubscription subscriber)
    {
        lock (_gate)
        {
            _subscribers.Remove(subscriber);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var poll = TimeSpan.FromMilliseconds(_options.PollMilliseconds);
        using var timer = _time.CreateTimer(static feed => ((LiveFeed)feed!).Wake(), this, poll, poll);
        try
        {
            var isDown = false;
            while (true)
            {
                await _wakes.Reader.ReadAsync(stoppingToken).ConfigureAwait(false);
                if (Subscribers > 0)
                {
                    isDown = await ReadAsync(isDown, stoppingToken).ConfigureAwait(false);
                    await Task.Delay(isDown ? s_retry : s_pace, _time, stoppingToken).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The streams have their own end.
        }
    }

    /// <summary>Reads what is new and hands it out. Returns whether Postgres failed; then the next wake-up tries again.</summary>
    private async Task<bool> ReadAsync(bool wasDown, CancellationToken cancellation)
    {
        try
        {
            int read;
            do
            {
                var page = await _changes.AfterAsync(Position(), PageSize, cancellation).ConfigureAwait(false);
                HandOut(page);
                read = page.Count;
            }
            while (read == PageSize);
            return false;
        }
        catch (UpstreamException e)
        {
            if (!wasDown)
            {
                LogBehind(e.Failure);
            }

            return true;
        }
    }

    private long Position()
    {
        lock (_gate)
        {
            return _position;
        }
    }

    private void HandOut(List<LiveItem.Change> page)
    {
        lock (_gate)
        {
            foreach (var change in page.Where(c => c.Seq > _position))
            {
                _position = change.Seq;
                foreach (var subscriber in _subscribers)
                {
                    subscriber.Offer(change);
                }
            }
        }
    }

    private void Notice(long committed)
    {
        long known;
        do
        {
            known = Newest;
        }
        while (committed > known && Interlocked.CompareExchange(ref _newest, committed, known) != known);
        Wake();
    }

    private void Deliver(LiveMoment moment)
    {
        lock (_gate)
        {
            foreach (var subscriber in _subscribers)
            {
                subscriber.Offer(moment);
            }
        }
    }

    private void Wake() => _wakes.Writer.TryWrite(true);

    [LoggerMessage(1621, LogLevel.Warning, "Streams of calls fall behind: Postgres does not answer ({Failure}). Nothing is lost")]
    private partial void LogBehind(UpstreamFailure failure);
}
