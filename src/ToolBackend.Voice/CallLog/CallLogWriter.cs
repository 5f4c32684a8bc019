using System.Threading.Channels;
using Microsoft.Extensions.Options;
using ToolBackend.Core.Calls.Events;
using ToolBackend.Core.Calls.Intake;
using ToolBackend.Core.Observability;
using ToolBackend.Core.Resilience;
using ToolBackend.Vapi.Calls;

namespace ToolBackend.Voice.CallLog;

/// <summary>
/// Takes the messages of all calls of this host and stores them, off the calls' time: posting never waits and never fails. While Postgres is away they wait here and are tried again.
/// </summary>
/// <remarks>
/// <code>
/// waiting                       a detail (transcript, tool call)    a call's status and report
/// up to MaxWaiting              kept                                kept
/// up to MaxKept                 dropped, counted                    kept
/// beyond                        dropped, counted                    dropped, counted, logged
/// </code>
/// Storing the same event twice is storing it once, so a try whose end was not heard is repeated. Tests: CallLogWriterTests.
/// </remarks>
internal sealed partial class CallLogWriter(
    ICallEventStore store, Action<LiveMoment> tell, IOptions<ContentPolicy> policy, IOptions<CallLogOptions> options, TimeProvider time, ILogger<CallLogWriter> logger) : BackgroundService
{
    /// <summary>As many as the store commits at once.</summary>
    private const int Batch = CallEventStore.MaxGroup;

    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan s_firstWait = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan s_longestWait = TimeSpan.FromSeconds(5);

    private readonly Channel<CallMessage> _queue = Channel.CreateBounded<CallMessage>(new BoundedChannelOptions(options.Value.MaxKept) { SingleReader = true });
    private readonly List<ReportedEvent> _unstored = new(Batch);
    private long _bytes;
    private int _open;
    private volatile bool _hasStopped;

    /// <summary>Messages that are not stored yet.</summary>
    public int Waiting => _queue.Reader.Count + _unstored.Count;

    /// <summary>A call has begun: a stop waits until its last message was posted and <see cref="Settle"/> was called, within the time that it has.</summary>
    public void Expect() => Interlocked.Increment(ref _open);

    /// <summary>A call has posted its last message.</summary>
    public void Settle() => Interlocked.Decrement(ref _open);

    /// <summary>The host's own patience may be used up by then: what waits here has its own time, <see cref="CallLogOptions.StopSeconds"/>.</summary>
    public override Task StopAsync(CancellationToken cancellationToken) => base.StopAsync(CancellationToken.None);

    public void Post(CallMessage message)
    {
        var bytes = Interlocked.Add(ref _bytes, message.Json.Length);
        var limit = options.Value.MaxWaitingBytes * (message.IsDetail ? 1L : 2L);
        if (bytes <= limit && !(message.IsDetail && _queue.Reader.Count >= options.Value.MaxWaiting) && _queue.Writer.TryWrite(message))
        {
            return;
        }

        Interlocked.Add(ref _bytes, -message.Json.Length);
        if (_hasStopped)
        {
            Drop(1, "stopped");
            LogLost(1);
        }
        else
        {
            Drop(1, "full");
            if (!message.IsDetail)
            {
                LogFull();
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (await _queue.Reader.WaitToReadAsync(stoppingToken).ConfigureAwait(false))
            {
                Take();
                await StoreAsync(stoppingToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await StoreTheRestAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Calls have ended by now, or are about to: the listener stops first, but waits for no call for ever. Their last words come here.</summary>
    private async Task StoreTheRestAsync()
    {
        using var deadline = new Deadline(TimeSpan.FromSeconds(options.Value.StopSeconds), time, CancellationToken.None);
        try
        {
            while (true)
            {
                var wereOpen = Volatile.Read(ref _open) > 0; // asked before what is posted is looked for
                await StoreAsync(deadline.Token).ConfigureAwait(false);
                Take();
                if (_unstored.Count > 0)
                {
                    continue;
                }

                if (!wereOpen)
                {
                    break;
                }

                await Task.Delay(s_look, time, deadline.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            if (Waiting > 0)
            {
                Drop(Waiting, "stopped");
                LogLost(Waiting);
            }

            if (Volatile.Read(ref _open) is > 0 and var open)
            {
                LogUnreported(open);
            }
        }

        _hasStopped = true;
        _queue.Writer.TryComplete();
    }

    private void Take()
    {
        while (_unstored.Count < Batch && _queue.Reader.TryRead(out var message))
        {
            Interlocked.Add(ref _bytes, -message.Json.Length);
            if (Read(message) is { } reported)
            {
                _unstored.Add(reported);
            }
        }
    }

    private ReportedEvent? Read(CallMessage message)
    {
        if (PipelineEvents.Read(message, policy.Value) is not { } read)
        {
            Drop(1, "unreadable");
            LogUnreadable();
            return null;
        }

        if (read.Live is { } moment)
        {
            tell(moment);
        }

        if (read.Flaw is not BodyFlaw.None)
        {
            Telemetry.CallEventFlaws.Add(1, new KeyValuePair<string, object?>(Telemetry.Tag.Reason, read.Flaw.ToString()));
        }

        return read.ToStore;
    }

    /// <summary>Tries until all are stored.</summary>
    private async Task StoreAsync(CancellationToken cancellation)
    {
        for (var wait = s_firstWait; _unstored.Count > 0; wait = wait * 2 < s_longestWait ? wait * 2 : s_longestWait)
        {
            var done = await Task.WhenAll(_unstored.Select(reported => TryAppendAsync(reported, cancellation))).ConfigureAwait(false);
            for (var i = done.Length - 1; i >= 0; i--)
            {
                if (done[i])
                {
                    _unstored.RemoveAt(i);
                }
            }

            if (_unstored.Count > 0)
            {
                await Task.Delay(wait, time, cancellation).ConfigureAwait(false);
            }
        }
    }

    /// <summary>False: to be tried again. The store has a deadline of its own, and counts and logs what it refuses.</summary>
    private async Task<bool> TryAppendAsync(ReportedEvent reported, CancellationToken cancellation)
    {
        try
        {
            await store.AppendAsync(reported, cancellation).ConfigureAwait(false);
            return true;
        }
        catch (Exception e) when (e is UpstreamException || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return false;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Postgres does not take this one and never will: those behind it must not wait for it.
            Drop(1, "refused");
            LogRefused(reported.Event.Kind, e.GetType().FullName!);
            return true;
        }
    }

    private static void Drop(int events, string reason) => Telemetry.CallLogDrops.Add(events, new KeyValuePair<string, object?>(Telemetry.Tag.Reason, reason));

    [LoggerMessage(3401, LogLevel.Error, "The call log is full: a call's status or report was lost")]
    private partial void LogFull();

    [LoggerMessage(3402, LogLevel.Error, "{Events} call events could not be stored before the host stopped")]
    private partial void LogLost(int events);

    [LoggerMessage(3406, LogLevel.Error, "{Calls} calls had not ended when the host stopped: they are without a report")]
    private partial void LogUnreported(int calls);

    [LoggerMessage(3403, LogLevel.Error, "A message of the pipeline cannot be read and was left out of the call log")]
    private partial void LogUnreadable();

    // The type only: messages of other people's exceptions may carry values.
    [LoggerMessage(3404, LogLevel.Error, "A call event of kind {Kind} cannot be stored: {Exception}")]
    private partial void LogRefused(CallEventKind kind, string exception);
}
