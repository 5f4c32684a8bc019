using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ToolBackend.Core.Calls.Events;
using ToolBackend.Core.Calls.Intake;
using ToolBackend.Core.Data;
using ToolBackend.Core.Leadership;
using ToolBackend.Core.Observability;
using ToolBackend.Core.Resilience;

namespace ToolBackend.Core.Calls.Reaping;

/// <summary>
/// Sees to it that every call reaches its end: asks the platform about calls that fell silent, and about ended ones whose report is missing, and gives up those that nobody
/// knows an end of. <see cref="ReapDecision"/> decides.
/// </summary>
public sealed partial class CallReaper(
    Database database, ICallSource source, ICallEventStore store, IOptions<CallReaperOptions> options, TimeProvider time, ILogger<CallReaper> logger) : LeaderJob
{
    private readonly CallReaperOptions _options = options.Value;

    public override string Name => "reaper";

    public override TimeSpan Interval => TimeSpan.FromSeconds(_options.IntervalSeconds);

    /// <summary>A full batch at two requests a second, each answered slowly.</summary>
    public override TimeSpan Deadline => TimeSpan.FromMinutes(10);

    /// <inheritdoc/>
    public override async Task RunAsync(CancellationToken cancellation)
    {
        var due = await database.ReadAsync((connection, ct) => SilentCallSql.DueAsync(connection, time.GetUtcNow(), _options, ct), cancellation);
        UpstreamException? failure = null;
        foreach (var call in due)
        {
            // Once it did not answer, the others of this look are not made to wait for it too.
            var (answer, snapshots, failed) = failure is null ? await AskAsync(call, cancellation) : (PlatformAnswer.None, [], null);
            failure ??= failed;
            await ApplyAsync(call, answer, snapshots, cancellation);
        }

        if (failure is { } known)
        {
            LogUnreachable(due.Count, known.Dependency, known.Failure);
        }
    }

    private async Task<(PlatformAnswer Answer, List<ReportedEvent> Snapshots, UpstreamException? Failure)> AskAsync(SilentCall call, CancellationToken cancellation)
    {
        var answers = new List<PlatformAnswer>();
        var snapshots = new List<ReportedEvent>();
        try
        {
            foreach (var callRef in call.PlatformRefs)
            {
                var snapshot = await source.AskAsync(callRef, cancellation);
                var answer = ReapDecision.AnswerOf(snapshot?.Event);
                answers.Add(answer);
                if (answer is PlatformAnswer.Ended)
                {
                    snapshots.Add(snapshot!);
                }
            }

            return (ReapDecision.Together(answers), snapshots, null);
        }
        catch (UpstreamException e)
        {
            return (PlatformAnswer.None, snapshots, e);
        }
    }

    private async Task ApplyAsync(SilentCall call, PlatformAnswer answer, List<ReportedEvent> snapshots, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var verdict = ReapDecision.Decide(call, answer, now, _options);
        Telemetry.CallInquiries.Add(1, new KeyValuePair<string, object?>(Telemetry.Tag.Outcome, NameOf(answer)));

        // Remembered first: an event that cannot be stored now is asked for again, in a while.
        await database.ReadAsync((connection, ct) => SilentCallSql.RememberAsync(connection, call.CallId, verdict, now, ct), cancellation);
        foreach (var snapshot in snapshots)
        {
            await store.AppendAsync(snapshot, cancellation);
        }

        if (verdict.Reap is { } reason)
        {
            await store.AppendAsync(ReapedEvent.Of(call, reason, now), cancellation);
            Telemetry.CallsReaped.Add(1, new KeyValuePair<string, object?>(Telemetry.Tag.Reason, reason));
            LogReaped(call.CallId, reason);
        }
    }

    private static string NameOf(PlatformAnswer answer) => answer switch
    {
        PlatformAnswer.Ended => "ended",
        PlatformAnswer.Live => "live",
        PlatformAnswer.Unknown => "unknown",
        _ => "none",
    };

    [LoggerMessage(1731, LogLevel.Warning, "Call {CallId} was given up: {Reason}")]
    private partial void LogReaped(string callId, string reason);

    [LoggerMessage(1732, LogLevel.Warning, "{Calls} calls are silent and {Dependency} cannot be asked about them ({Failure})")]
    private partial void LogUnreachable(int calls, string dependency, UpstreamFailure failure);
}
