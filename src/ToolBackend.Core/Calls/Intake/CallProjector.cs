using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;
using ToolBackend.Core.Calls.Live;
using ToolBackend.Core.Data;
using ToolBackend.Core.Observability;
using ToolBackend.Core.Resilience;

namespace ToolBackend.Core.Calls.Intake;

/// <summary>
/// Folds the calls whose events wait in <c>call_fold_queue</c>, soon after they were stored, off everybody's path. Every replica runs one and they
/// take turns; what a killed one left is in the queue for the next.
/// </summary>
public sealed partial class CallProjector(Database database, CallEventStore store, LiveFeed feed, TimeProvider time, ILogger<CallProjector> logger) : BackgroundService
{
    /// <summary>Events per transaction.</summary>
    private const int Slice = 500;

    /// <summary>How often events of others, and of before, are looked for.</summary>
    private static readonly TimeSpan s_poll = TimeSpan.FromMilliseconds(500);

    /// <summary>While another replica folds: its transaction takes about as long.</summary>
    private static readonly TimeSpan s_turn = TimeSpan.FromMilliseconds(20);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                var claimed = await TryFoldAsync(stoppingToken).ConfigureAwait(false);
                if (claimed is null)
                {
                    await Task.Delay(s_turn, time, stoppingToken).ConfigureAwait(false);
                }
                else if (claimed < Slice)
                {
                    await NextAsync(stoppingToken).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // What is left stays in the queue.
        }
    }

    private async Task NextAsync(CancellationToken stoppingToken)
    {
        using var poll = new Deadline(s_poll, time, stoppingToken);
        await ((Task)store.Stored.WaitToReadAsync(poll.Token).AsTask()).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        store.Stored.TryRead(out _);
        stoppingToken.ThrowIfCancellationRequested();
    }

    /// <summary>Events taken from the queue; null when another replica folds, or Postgres is not there.</summary>
    private async Task<int?> TryFoldAsync(CancellationToken cancellation)
    {
        try
        {
            var started = time.GetTimestamp();
            var (claimed, report) = await database.WriteAsync((connection, _, ct) => FoldAsync(connection, ct), cancellation).ConfigureAwait(false);
            if (report is { } done)
            {
                Telemetry.CallFolds.Add(done.Folded);
                Telemetry.CallFoldDuration.Record(time.GetElapsedTime(started).TotalSeconds);
                Report(done);
            }

            return claimed;
        }
        catch (UpstreamException e)
        {
            LogDelayed(e.Failure);
            await Task.Delay(s_poll, time, cancellation).ConfigureAwait(false);
            return null;
        }
    }

    private async Task<(int? Claimed, FoldReport? Report)> FoldAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        if (!await CallFolder.TryLockAsync(connection, cancellation).ConfigureAwait(false))
        {
            return (null, null);
        }

        var (refs, claimed) = await ClaimAsync(connection, cancellation).ConfigureAwait(false);
        return claimed == 0 ? (0, null) : (claimed, await CallFolder.FoldUnderLockAsync(connection, refs, time.GetUtcNow(), cancellation).ConfigureAwait(false));
    }

    private static async Task<(HashSet<string> Refs, int Claimed)> ClaimAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var command = new NpgsqlCommand("delete from call_fold_queue where queue_id in (select queue_id from call_fold_queue order by queue_id limit $1) returning call_ref", connection)
        {
            Parameters = { new NpgsqlParameter<int> { TypedValue = Slice, NpgsqlDbType = NpgsqlDbType.Integer } },
        };
        await using var _ = command.ConfigureAwait(false);
        var rows = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        await using var __ = rows.ConfigureAwait(false);
        var refs = new HashSet<string>(StringComparer.Ordinal);
        var claimed = 0;
        while (await rows.ReadAsync(cancellation).ConfigureAwait(false))
        {
            refs.Add(rows.GetString(0));
            claimed++;
        }

        return (refs, claimed);
    }

    private void Report(FoldReport done)
    {
        foreach (var (callRef, error) in done.Failed)
        {
            Telemetry.CallFoldFailures.Add(1);
            LogBug(callRef, error.GetType().FullName!, error.StackTrace);
        }

        if (done.NewestChange > 0)
        {
            feed.ChangesCommitted(done.NewestChange);
        }
    }

    [LoggerMessage(1611, LogLevel.Warning, "Call states wait for Postgres ({Failure}); their events are stored")]
    private partial void LogDelayed(UpstreamFailure failure);

    // The type only: messages of other people's exceptions may carry values.
    [LoggerMessage(1612, LogLevel.Error, "Call {CallRef} could not be folded: {Exception}. {StackTrace}")]
    private partial void LogBug(string callRef, string exception, string? stackTrace);
}
