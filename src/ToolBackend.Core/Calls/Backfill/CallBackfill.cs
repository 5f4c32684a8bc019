using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ToolBackend.Core.Calls.Events;
using ToolBackend.Core.Calls.Intake;
using ToolBackend.Core.Calls.Reaping;
using ToolBackend.Core.Calls.Retention;
using ToolBackend.Core.Data;
using ToolBackend.Core.Leadership;
using ToolBackend.Core.Observability;
using ToolBackend.Core.Resilience;

namespace ToolBackend.Core.Calls.Backfill;

/// <summary>
/// Makes outages good: every call that the platform changed since one began is fetched and stored as a snapshot, in windows of minutes, and calls that were under way
/// and are silent since are asked for one by one. An outage is done only when all of it is stored; until then it is tried again, and goes on at the window where it failed.
/// </summary>
/// <remarks>
/// A call that changes while windows are fetched moves to a later one, never to an earlier, and the last window has no end: none is missed.
/// </remarks>
public sealed partial class CallBackfill(
    Database database, ICallSource source, ICallEventStore store, IOptions<BackfillOptions> options, IOptions<RetentionOptions> retention, TimeProvider time, ILogger<CallBackfill> logger) : LeaderJob
{
    public override string Name => "backfill";

    public override TimeSpan Interval => TimeSpan.FromSeconds(5);

    /// <summary>Days of changes at two requests a second.</summary>
    public override TimeSpan Deadline => TimeSpan.FromHours(2);

    /// <inheritdoc/>
    public override async Task RunAsync(CancellationToken cancellation)
    {
        while (await database.ReadAsync(BackfillSql.OldestAsync, cancellation) is { } outage)
        {
            var listed = await FetchChangedAsync(outage, cancellation);
            var asked = await AskUnheardAsync(outage, listed, cancellation);
            await database.ReadAsync((connection, ct) => BackfillSql.DoneAsync(connection, outage.Id, time.GetUtcNow(), asked, ct), cancellation);
            LogDone(listed.Count, asked);
        }
    }

    /// <summary>Returns the calls of this run: windows of earlier runs are not fetched again.</summary>
    private async Task<HashSet<string>> FetchChangedAsync(OpenBackfill outage, CancellationToken cancellation)
    {
        var listed = new HashSet<string>(StringComparer.Ordinal);
        var from = outage.From;
        while (true)
        {
            // Up to the outage's end in windows; what changed after it is the last one's.
            var end = from + TimeSpan.FromMinutes(options.Value.WindowMinutes);
            var before = end < outage.Until ? end : (DateTimeOffset?)null;
            var stored = 0;
            foreach (var snapshot in await source.UpdatedAsync(from, before, cancellation))
            {
                if (IsKept(snapshot.Event))
                {
                    await StoreAsync(snapshot, cancellation);
                    stored++;
                }

                listed.Add(snapshot.Event.CallRef);
            }

            await database.ReadAsync((connection, ct) => BackfillSql.ReachedAsync(connection, outage.Id, before ?? outage.Until, stored, ct), cancellation);
            if (before is null)
            {
                return listed;
            }

            from = end;
        }
    }

    private async Task<int> AskUnheardAsync(OpenBackfill outage, HashSet<string> listed, CancellationToken cancellation)
    {
        var asked = 0;
        foreach (var callRef in await database.ReadAsync((connection, ct) => BackfillSql.UnheardAsync(connection, outage.Until, ct), cancellation))
        {
            // One that the platform does not know is the reaper's business.
            if (!listed.Contains(callRef) && await source.AskAsync(callRef, cancellation) is { } snapshot)
            {
                await StoreAsync(snapshot, cancellation);
                asked++;
            }
        }

        return asked;
    }

    private async Task StoreAsync(ReportedEvent snapshot, CancellationToken cancellation)
    {
        await store.AppendAsync(snapshot, cancellation);
        Telemetry.CallsBackfilled.Add(1);
    }

    /// <summary>The platform may touch calls whose time here is long over: they must not come back.</summary>
    private bool IsKept(CallEvent snapshot) =>
        retention.Value.CallDays == 0 || (snapshot.Facts.Call?.CreatedAt ?? snapshot.SentAt) >= time.GetUtcNow() - TimeSpan.FromDays(retention.Value.CallDays);

    [LoggerMessage(1721, LogLevel.Information, "An outage is made good: {Listed} calls had changed, {Asked} silent ones were asked for")]
    private partial void LogDone(int listed, int asked);
}
