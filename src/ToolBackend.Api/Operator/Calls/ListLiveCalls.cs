using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;
using ToolBackend.Core.Calls.State;

namespace ToolBackend.Api.Operator.Calls;

/// <summary>The open calls at one moment.</summary>
public sealed record LiveCalls(
    [property: Description("Newest first, at most 2000.")] IReadOnlyList<CallListItem> Items,
    [property: Description("Whether there are more.")] bool More,
    [property: Description("The newest change that is included: `after` of /calls/stream goes on from here.")] long Seq);

/// <summary><c>GET /calls/live</c>.</summary>
internal static class ListLiveCalls
{
    public static RouteHandlerBuilder MapListLiveCalls(this RouteGroupBuilder operatorApi) => operatorApi
        .MapGet("/calls/live", HandleAsync)
        .WithName("listLiveCalls")
        .WithSummary("The calls that are open now, newest first.");

    private static async Task<Ok<LiveCalls>> HandleAsync(OperatorReads reads, CancellationToken aborted)
    {
        var (calls, more, seq) = await reads.RunAsync(OpenCalls.ReadAsync, aborted);
        return TypedResults.Ok(new LiveCalls([.. calls.Select(c => c.ToItem())], more, seq));
    }
}
