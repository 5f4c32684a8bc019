using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using ToolBackend.Core.Data.Model;

namespace ToolBackend.Api.Operator;

/// <summary>One answered tool call. Arguments are not kept and the caller is a hash.</summary>
public sealed record ToolInvocationItem(
    Guid Id,
    DateTimeOffset At,
    string CallId,
    string ToolCallId,
    string Tool,
    [property: Description("A short stable name, such as booked or slot_taken.")] string Outcome,
    bool Failed,
    [property: Description("The slowest tier that was asked: none, memory, redis, database or stale.")] string Source,
    float DurationMs,
    [property: Description("Equal for calls of the same number.")] string? CallerHash);

/// <summary><c>GET /tool-invocations</c>: newest first.</summary>
internal static class ListToolInvocations
{
    public static RouteHandlerBuilder MapListToolInvocations(this RouteGroupBuilder operatorApi) => operatorApi
        .MapGet("/tool-invocations", HandleAsync)
        .WithName("listToolInvocations")
        .WithSummary("Answered tool calls, newest first.")
        .WithDescription("Filters add up. Rows appear within a second of the answer.");

    private static async Task<Results<Ok<Page<ToolInvocationItem>>, ValidationProblem>> HandleAsync(
        OperatorReads reads,
        [Description("Name of a tool.")] string? tool,
        [Description("Vapi's id of a call.")] string? callId,
        [Description("Outcome, as in the answer.")] string? outcome,
        [Description("true: only failures; false: only successes.")] string? failed,
        [Description("Earliest time, with offset.")] string? from,
        [Description("Time before which, with offset.")] string? to,
        [Description("Page size.")] string? limit,
        [Description("`next` of the page before.")] string? after,
        CancellationToken aborted)
    {
        var read = new QueryReader();
        var filter = new Filter(
            read.Text("tool", tool, 64),
            read.Text("callId", callId, 128),
            read.Text("outcome", outcome, 64),
            read.Flag("failed", failed),
            read.Moment("from", from),
            read.Moment("to", to),
            read.Limit(limit),
            read.After(after, id => Guid.TryParseExact(id, "N", out _)));
        if (read.HasErrors)
        {
            return read.Problem();
        }

        var rows = await reads.RunAsync((db, cancellation) => Query(db, filter).ToListAsync(cancellation), aborted);
        return TypedResults.Ok(Page.Of(rows, filter.Limit, r => new PageCursor(r.At, r.ToolInvocationId.ToString("N")), Item));
    }

    private static IQueryable<ToolInvocationRow> Query(ToolBackendDb db, Filter filter)
    {
        IQueryable<ToolInvocationRow> rows = db.ToolInvocations;
        if (filter.Tool is { } tool)
        {
            rows = rows.Where(r => r.Tool == tool);
        }

        if (filter.CallId is { } call)
        {
            rows = rows.Where(r => r.CallId == call);
        }

        if (filter.Outcome is { } outcome)
        {
            rows = rows.Where(r => r.Outcome == outcome);
        }

        if (filter.Failed is { } failed)
        {
            rows = rows.Where(r => r.Failed == failed);
        }

        if (filter.From is { } from)
        {
            rows = rows.Where(r => r.At >= from);
        }

        if (filter.To is { } to)
        {
            rows = rows.Where(r => r.At < to);
        }

        if (filter.After is { } after)
        {
            var last = Guid.ParseExact(after.Id, "N");
            rows = rows.Where(r => EF.Functions.LessThan(ValueTuple.Create(r.At, r.ToolInvocationId), ValueTuple.Create(after.At, last)));
        }

        return rows.OrderByDescending(r => r.At).ThenByDescending(r => r.ToolInvocationId).Take(filter.Limit + 1);
    }

    private static ToolInvocationItem Item(ToolInvocationRow r) =>
        new(r.ToolInvocationId, r.At, r.CallId, r.ToolCallId, r.Tool, r.Outcome, r.Failed, r.Source, r.DurationMs, r.CallerHash);

    private sealed record Filter(string? Tool, string? CallId, string? Outcome, bool? Failed, DateTimeOffset? From, DateTimeOffset? To, int Limit, PageCursor? After);
}
