using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ToolBackend.Core.Calls.Events;
using ToolBackend.Core.Data;
using ToolBackend.Core.Observability;
using ToolBackend.Core.Resilience;

namespace ToolBackend.Core.Calls.Intake;

/// <summary>
/// Appends events with group commit: what arrives while a commit is under way shares the next one, and each waits for its own.
/// </summary>
/// <remarks>
/// Bounded in events and in bytes; what does not fit, and everything while Postgres is known to be down, is refused at once. Storing the same event twice is
/// the same as once, so a commit whose end was not heard is simply sent again.
/// Tests: CallEventStoreTests, IntakeKilledTests (C7).
/// </remarks>
public sealed partial class CallEventStore(
    Database database, DatabaseHealth health, IOptions<CallStoreOptions> options, TimeProvider time, ILogger<CallEventStore> logger) : BackgroundService, ICallEventStore
{
    public const int MaxGroup = 64;
    private const int MaxGroupBytes = 4 << 20;
    private const int Tries = 3;
    private const string Name = "Call event store";

    private readonly Channel<Waiting> _queue = Channel.CreateBounded<Waiting>(new BoundedChannelOptions(options.Value.MaxWaiting) { FullMode = BoundedChannelFullMode.Wait });
    private readonly Channel<bool> _stored = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly KnownControls _controls = new();
    private long _bytes;

    /// <summary>Has an item when events were committed since it was last read: the projector's alarm clock.</summary>
    public ChannelReader<bool> Stored => _stored.Reader;

    /// <inheritdoc/>
    public async Task AppendAsync(ReportedEvent reported, CancellationToken cancellation)
    {
        var waiting = new Waiting(reported);
        Enqueue(waiting);
        try
        {
            await waiting.Done.Task.WaitAsync(TimeSpan.FromMilliseconds(options.Value.DeadlineMilliseconds), time, cancellation).ConfigureAwait(false);
        }
        catch (TimeoutException e)
        {
            throw new UpstreamException(Name, UpstreamFailure.Unavailable, e);
        }
    }

    /// <summary>
    /// Stores the event if that is possible now, without waiting and without telling: for messages that are answered rather than acknowledged, and that
    /// leave other traces.
    /// </summary>
    public void Offer(ReportedEvent reported)
    {
        if (_queue.Reader.Count > options.Value.MaxWaiting / 4 || !health.IsUp)
        {
            Telemetry.CallEventRefusals.Add(1, new KeyValuePair<string, object?>(Telemetry.Tag.Reason, "offer"));
            return;
        }

        var waiting = new Waiting(reported);
        _ = waiting.Done.Task.ContinueWith(static t => _ = t.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        if (!TryEnqueue(waiting))
        {
            Telemetry.CallEventRefusals.Add(1, new KeyValuePair<string, object?>(Telemetry.Tag.Reason, "offer"));
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.WhenAll(Enumerable.Range(0, options.Value.Writers).Select(_ => WriteGroupsAsync(stoppingToken))).ConfigureAwait(false);
        _queue.Writer.TryComplete();
        while (_queue.Reader.TryRead(out var late))
        {
            Finish(late, new UpstreamException(Name, UpstreamFailure.Unavailable)); // the host is gone: nobody may believe it stored
        }
    }

    private void Enqueue(Waiting waiting)
    {
        var reason = !health.IsUp ? UpstreamFailure.Unavailable : TryEnqueue(waiting) ? (UpstreamFailure?)null : UpstreamFailure.Busy;
        if (reason is { } refused)
        {
            Telemetry.CallEventRefusals.Add(1, new KeyValuePair<string, object?>(Telemetry.Tag.Reason, refused.ToString()));
            throw new UpstreamException(Name, refused);
        }
    }

    private bool TryEnqueue(Waiting waiting)
    {
        if (Interlocked.Add(ref _bytes, waiting.Bytes) <= options.Value.MaxWaitingBytes && _queue.Writer.TryWrite(waiting))
        {
            return true;
        }

        Interlocked.Add(ref _bytes, -waiting.Bytes);
        return false;
    }

    private async Task WriteGroupsAsync(CancellationToken stoppingToken)
    {
        var group = new List<Waiting>(MaxGroup);
        try
        {
            // What is queued when the host stops is still stored: its senders wait.
            while (await _queue.Reader.WaitToReadAsync(stoppingToken).ConfigureAwait(false))
            {
                await WriteGroupAsync(group).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            while (_queue.Reader.Count > 0 && health.IsUp)
            {
                await WriteGroupAsync(group).ConfigureAwait(false);
            }
        }
    }

    private async Task WriteGroupAsync(List<Waiting> group)
    {
        group.Clear();
        var bytes = 0L;
        while (group.Count < MaxGroup && bytes < MaxGroupBytes && _queue.Reader.TryRead(out var next))
        {
            group.Add(next);
            bytes += next.Bytes;
        }

        if (group.Count == 0)
        {
            return;
        }

        if (await TryStoreAsync(group).ConfigureAwait(false) is not { } failure)
        {
            group.ForEach(w => Finish(w, null));
        }
        else if (failure is UpstreamException || group.Count == 1)
        {
            group.ForEach(w => Finish(w, failure));
        }
        else
        {
            // One event that Postgres does not take must not fail its neighbours.
            foreach (var one in group)
            {
                Finish(one, await TryStoreAsync([one]).ConfigureAwait(false));
            }
        }
    }

    private async Task<Exception?> TryStoreAsync(List<Waiting> group)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await database.ReadAsync((connection, ct) => CallEventSql.AppendAsync(connection, group.ConvertAll(w => w.Reported), _controls, ct)).ConfigureAwait(false);
                Telemetry.CallEventGroups.Record(group.Count);
                _stored.Writer.TryWrite(true);
                return null;
            }
            catch (UpstreamException e) when (e.Failure is UpstreamFailure.Transient && attempt < Tries)
            {
                Telemetry.WriteRetries.Add(1, new KeyValuePair<string, object?>(Telemetry.Tag.Reason, "events"));
            }
            catch (UpstreamException e)
            {
                LogRefused(group.Count, e.Failure);
                return e;
            }
            catch (Exception e)
            {
                LogBug(group.Count, e.GetType().FullName!, (e as Npgsql.PostgresException)?.SqlState ?? "-");
                return e;
            }
        }
    }

    private void Finish(Waiting waiting, Exception? failure)
    {
        Interlocked.Add(ref _bytes, -waiting.Bytes);
        if (failure is null)
        {
            waiting.Done.TrySetResult();
        }
        else
        {
            waiting.Done.TrySetException(failure);
        }
    }

    private sealed class Waiting(ReportedEvent reported)
    {
        public ReportedEvent Reported { get; } = reported;

        public long Bytes { get; } = 1024 + (reported.Body?.Length ?? 0);

        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    [LoggerMessage(1601, LogLevel.Warning, "{Events} call events could not be stored ({Failure}) and were refused, for their sender to try again")]
    private partial void LogRefused(int events, UpstreamFailure failure);

    // The type and the state only: messages of other people's exceptions may carry values.
    [LoggerMessage(1602, LogLevel.Error, "{Events} call events could not be stored: {Exception} {SqlState}")]
    private partial void LogBug(int events, string exception, string sqlState);
}
