using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using ToolBackend.Core.Calls.State;
using ToolBackend.Core.Data.Model;

namespace ToolBackend.Api.Operator.Calls;

/// <summary><c>GET /calls</c>: newest first.</summary>
internal static class ListCalls
{
    public static RouteHandlerBuilder MapListCalls(this RouteGroupBuilder operatorApi) => operatorApi
        .MapGet("/calls", HandleAsync)
        .WithName("listCalls")
        .WithSummary("Calls, newest first.")
        .WithDescription("Filters add up. A call appears and changes within a second of the message that says so. Nothing of what was said is shown.");

    private static async Task<Results<Ok<Page<CallListItem>>, ValidationProblem>> HandleAsync(
        OperatorReads reads,
        [Description("scheduled, queued, ringing, in-progress, forwarding or ended.")] string? status,
        [Description("Class of the end: normal, customer, ours, capacity, platform, provider or other.")] string? @class,
        [Description("true: calls that have not ended; false: calls that have.")] string? open,
        [Description("Earliest opening, with offset.")] string? from,
        [Description("Time before which it was opened, with offset.")] string? to,
        [Description("The other party's number in E.164; `+` is written %2B in a URL. Proxies log URLs: where that matters use X-Phone.")] string? caller,
        [FromHeader(Name = "X-Phone"), Description("The same as `caller`, outside the URL.")] string? phoneHeader,
        [Description("`assistant` as lists show it: the first assistant's name, or its id where it has no name.")] string? assistant,
        [Description("Who ran it: vapi, own or both.")] string? side,
        [Description("inboundPhoneCall, outboundPhoneCall, webCall or vapi.websocketCall.")] string? type,
        [Description("Words that were said, all of them; \"in quotes\" in this order, `or` for either, `-` for not.")] string? q,
        [Description("Page size.")] string? limit,
        [Description("`next` of the page before.")] string? after,
        CancellationToken aborted)
    {
        var read = new QueryReader();
        var filter = new CallFilter
        {
            Status = read.OneOf("status", status, CallFilter.Statuses),
            Class = read.OneOf("class", @class, CallFilter.Classes),
            Open = read.Flag("open", open),
            From = read.Moment("from", from),
            To = read.Moment("to", to),
            Caller = read.Phone(caller, phoneHeader, "caller"),
            Assistant = read.Text("assistant", assistant, 200),
            Side = read.OneOf("side", side, CallFilter.Sides),
            Type = read.OneOf("type", type, CallFilter.Types),
            Text = read.Text("q", q, 200),
            Limit = read.Limit(limit),
            After = read.After(after, CallIds.IsId),
        };
        if (read.HasErrors)
        {
            return read.Problem();
        }

        var lines = await reads.RunAsync((db, cancellation) => ReadAsync(db, filter, cancellation), aborted);
        if (lines is null)
        {
            read.Refuse("q", "At least one word to look for.");
            return read.Problem();
        }

        return TypedResults.Ok(Page.Of(lines, filter.Limit, l => new PageCursor(l.OpenedAt, l.CallId), l => l.ToItem()));
    }

    /// <summary>Null when the text says only what is not to be found: no index could serve that.</summary>
    private static async Task<List<CallLine>?> ReadAsync(ToolBackendDb db, CallFilter filter, CancellationToken cancellation)
    {
        var (sql, parameters) = CallSearch.Statement(filter);
        if (filter.Text is not { } text)
        {
            return await db.Database.SqlQueryRaw<CallLine>(sql, [.. parameters]).ToListAsync(cancellation);
        }

        // The best plan for a rare word is the worst for a common one, so it is never made without looking at the word.
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        var words = (await db.Database.SqlQueryRaw<string>(
            """select querytree(websearch_to_tsquery('simple', @text)) as "Value" from set_config('plan_cache_mode', 'force_custom_plan', true)""", new NpgsqlParameter("text", text))
            .ToListAsync(cancellation)).Single();
        return words is "" or "T" ? null : await db.Database.SqlQueryRaw<CallLine>(sql, [.. parameters]).ToListAsync(cancellation);
    }
}
