using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using ToolBackend.Core.Data.Model;
using static ToolBackend.Api.Operator.Calls.CallStatsSql;

namespace ToolBackend.Api.Operator.Calls;

/// <summary><c>GET /calls/stats</c>.</summary>
internal static class GetCallStats
{
    private const int MaxAssistants = 100;

    private static readonly TimeSpan s_default = TimeSpan.FromHours(24);
    private static readonly TimeSpan s_longest = TimeSpan.FromDays(31);

    public static RouteHandlerBuilder MapGetCallStats(this RouteGroupBuilder operatorApi) => operatorApi
        .MapGet("/calls/stats", HandleAsync)
        .WithName("getCallStats")
        .WithSummary("Counts, rates, cost and latencies of the calls of a stretch of time.");

    private static async Task<Results<Ok<CallStats>, ValidationProblem>> HandleAsync(
        OperatorReads reads,
        TimeProvider time,
        [Description("Earliest opening, with offset. Default: 24 hours before `to`; at most 31 days before it.")] string? from,
        [Description("Time before which, with offset. Default: now.")] string? to,
        CancellationToken aborted)
    {
        var read = new QueryReader();
        var until = read.Moment("to", to) ?? time.GetUtcNow();
        var since = read.Moment("from", from) ?? until - s_default;
        if (!read.HasErrors && (since >= until || until - since > s_longest))
        {
            read.Refuse("from", "Before `to`, and not more than 31 days before it.");
        }

        return read.HasErrors ? read.Problem() : TypedResults.Ok(await reads.RunStatsAsync((db, cancellation) => ReadAsync(db, since, until, cancellation), aborted));
    }

    private static async Task<CallStats> ReadAsync(ToolBackendDb db, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation)
    {
        // Sorts of a month of calls fit into memory; the setting ends with the transaction.
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        await db.Database.ExecuteSqlRawAsync("set local work_mem = '64MB'", cancellation);
        var calls = await CallsAsync(db, from, to, cancellation);
        var turns = await TurnsAsync(db, from, to, cancellation);
        var tools = await ToolsAsync(db, from, to, cancellation);
        return new CallStats(
            from,
            to,
            Join(calls, turns, tools, All, static _ => 0, static _ => 0).Select(f => f.Figures).FirstOrDefault(CallFigures.None),
            calls.Where(c => c is { By: Class, Class: not null }).OrderByDescending(c => c.Calls).ToDictionary(c => c.Class!, c => c.Calls, StringComparer.Ordinal),
            [.. Join(calls, turns, tools, Hour, static c => c.Hour, static l => l.Hour).OrderBy(f => f.Key).Select(f => new HourFigures(f.Key!.Value, f.Figures))],
            [.. Join(calls, turns, tools, Assistant, static c => (c.Assistant, 0), static l => (l.Assistant, 0))
                .OrderByDescending(f => f.Figures.Calls).ThenBy(f => f.Key.Assistant, StringComparer.Ordinal).Take(MaxAssistants)
                .Select(f => new AssistantFigures(f.Key.Assistant, f.Figures))]);
    }

    /// <summary>What the three statements say of one grouping: a key may be known to some of them only.</summary>
    private static IEnumerable<(TKey Key, CallFigures Figures)> Join<TKey>(
        List<CallsLine> calls, List<LatencyLine> turns, List<LatencyLine> tools, int by, Func<CallsLine, TKey> ofCalls, Func<LatencyLine, TKey> ofLatencies)
    {
        var counted = calls.Where(c => c.By == by).ToLookup(ofCalls);
        var turned = turns.Where(t => t.By == by).ToLookup(ofLatencies);
        var answered = tools.Where(t => t.By == by).ToLookup(ofLatencies);
        return counted.Select(g => g.Key).Concat(turned.Select(g => g.Key)).Concat(answered.Select(g => g.Key)).Distinct()
            .Select(key => (key, Figures(counted[key].FirstOrDefault()) with { TurnMs = Latency(turned[key].FirstOrDefault()), ToolMs = Latency(answered[key].FirstOrDefault()) }));
    }

    private static CallFigures Figures(CallsLine? line) => line is null ? CallFigures.None : new CallFigures(
        line.Calls, line.Open, line.Answered, Rate(line.Answered, line.Decided), line.Evaluated, Rate(line.Succeeded, line.Evaluated), line.AverageDurationMs, line.Cost, null, null);

    private static double? Rate(long part, long whole) => whole == 0 ? null : (double)part / whole;

    private static LatencyFigures? Latency(LatencyLine? line) => line is null ? null : new LatencyFigures(line.Count, line.Quantiles[0], line.Quantiles[1], line.Quantiles[2]);
}
