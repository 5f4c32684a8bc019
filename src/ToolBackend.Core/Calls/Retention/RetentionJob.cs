using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ToolBackend.Core.Calls.Reaping;
using ToolBackend.Core.Data;
using ToolBackend.Core.Leadership;
using ToolBackend.Core.Observability;

namespace ToolBackend.Core.Calls.Retention;

/// <summary>Removes what is over: see <see cref="RetentionOptions"/>. Each step is bounded batches; what a run does not come to, the next one does.</summary>
public sealed partial class RetentionJob(
    Database database, ExpiredCalls calls, ExpiredContent content, IOptions<RetentionOptions> options, TimeProvider time, ILogger<RetentionJob> logger) : LeaderJob
{
    private static readonly TimeSpan s_doneBackfills = TimeSpan.FromDays(90);

    /// <summary>As long a key of <c>POST /calls</c> means the same call.</summary>
    private static readonly TimeSpan s_orders = TimeSpan.FromDays(30);

    public override string Name => "retention";

    public override TimeSpan Interval => TimeSpan.FromMinutes(options.Value.IntervalMinutes);

    public override TimeSpan Deadline => TimeSpan.FromHours(1);

    /// <inheritdoc/>
    public override async Task RunAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        await SweepAsync("call_inquiry", "asked_at", now - ReapDecision.Never, cancellation);
        await SweepAsync("call_backfill", "done_at", now - s_doneBackfills, cancellation);
        await SweepAsync("call_order", "asked_at", now - s_orders, cancellation);
        await SweepAsync("tool_invocation", "at", Before(now, options.Value.ToolInvocationDays), cancellation);
        await SweepAsync("transcript_access", "at", Before(now, options.Value.TranscriptAccessDays), cancellation);
        if (Before(now, options.Value.CallDays) is { } callsBefore)
        {
            var rows = await calls.DeleteAsync(callsBefore, cancellation);
            Count("call", rows.Calls);
            Count("call_event", rows.Events);

            // A backfill does not bring back calls as old as that, so their names need not be remembered any longer.
            await SweepAsync("call_forgotten", "at", callsBefore, cancellation);
        }

        if (Before(now, options.Value.ContentDays) is { } contentBefore)
        {
            Count("call_event.body", await content.RemoveAsync(contentBefore, cancellation));
        }

        // Last: the latest changes are where content that came late is found.
        await SweepAsync("call_change", "at", now - TimeSpan.FromHours(options.Value.ChangeHours), cancellation);
    }

    private static DateTimeOffset? Before(DateTimeOffset now, int days) => days == 0 ? null : now - TimeSpan.FromDays(days);

    private async Task SweepAsync(string table, string column, DateTimeOffset? before, CancellationToken cancellation)
    {
        if (before is { } moment)
        {
            Count(table, await ExpiredRows.DeleteAsync(database, table, column, moment, cancellation));
        }
    }

    private void Count(string table, long rows)
    {
        if (rows > 0)
        {
            Telemetry.RowsDeleted.Add(rows, new KeyValuePair<string, object?>(Telemetry.Tag.Table, table));
            LogDeleted(table, rows);
        }
    }

    [LoggerMessage(1743, LogLevel.Information, "The time of some rows was over: {Rows} of {Table} were removed")]
    private partial void LogDeleted(string table, long rows);
}
