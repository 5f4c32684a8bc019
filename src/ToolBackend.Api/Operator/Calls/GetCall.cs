using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using ToolBackend.Core.Calls.State;
using ToolBackend.Core.Data.Model;

namespace ToolBackend.Api.Operator.Calls;

/// <summary>All that is known of a call.</summary>
public sealed record CallDetail(
    [property: Description("Folded from all of its events.")] CallState Call,
    [property: Description("At most 1000, by time, with our own latencies.")] IReadOnlyList<CallToolCall> ToolCalls);

/// <summary><c>GET /calls/{id}</c>. Shows what was said, so it leaves a row in <c>transcript_access</c>.</summary>
internal static class GetCall
{
    private const int MaxInvocations = 1000;

    public static RouteHandlerBuilder MapGetCall(this RouteGroupBuilder operatorApi) => operatorApi
        .MapGet("/calls/{id}", HandleAsync)
        .WithName("getCall")
        .WithSummary("One call: state, transcript, tool calls, cost.")
        .WithDescription("Shows what was said: every answer leaves a row in the access log.");

    private static async Task<Results<Ok<CallDetail>, ValidationProblem, ProblemHttpResult>> HandleAsync(
        HttpContext context,
        OperatorReads reads,
        TimeProvider time,
        [Description("Vapi's id of the call, the pipeline's, or Twilio's CallSid.")] string id,
        CancellationToken aborted)
    {
        if (!CallIds.IsId(id))
        {
            var read = new QueryReader();
            read.Refuse("id", CallIds.Rule);
            return read.Problem();
        }

        var detail = await reads.RunAsync(
            async (db, cancellation) =>
            {
                var found = await ReadAsync(db, id, cancellation);
                if (found is not null)
                {
                    await TranscriptAccess.RecordAsync(db, time, found.Call.CallId, OperatorKey.IdOf(context), TranscriptAccess.Call, cancellation);
                }

                return found;
            },
            aborted);
        return detail is null ? TypedResults.Problem(CallIds.NotFound, statusCode: StatusCodes.Status404NotFound) : TypedResults.Ok(detail);
    }

    private static async Task<CallDetail?> ReadAsync(ToolBackendDb db, string id, CancellationToken cancellation)
    {
        var states = await db.Database.SqlQueryRaw<string>($"""select state as "Value" from call where call_id = {CallIds.Canonical}""", new NpgsqlParameter("name", id)).ToListAsync(cancellation);
        if (states is not [var json])
        {
            return null;
        }

        var call = CallState.Parse(json);
        string[] names = [.. call.Aliases.Append(call.CallId).Distinct(StringComparer.Ordinal)];
        var invocations = await db.ToolInvocations
            .Where(i => names.Contains(i.CallId))
            .OrderBy(i => i.At).ThenBy(i => i.ToolInvocationId).Take(MaxInvocations)
            .ToListAsync(cancellation);
        return new CallDetail(call, ToolCallJoin.Join(call.Tools, invocations));
    }
}
