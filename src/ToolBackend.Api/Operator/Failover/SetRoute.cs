using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;
using ToolBackend.Core.Calls.Routing;

namespace ToolBackend.Api.Operator.Failover;

public sealed record RouteBody([property: Description("auto, vapi, own, or a part such as 25%.")] string Mode);

/// <summary><c>PUT /failover/routes/{line}</c>: new calls follow within two seconds, on every replica; live calls stay where they are.</summary>
internal static class SetRoute
{
    /// <summary>In the address, for all lines without a route of their own.</summary>
    private const string All = "all";

    public static RouteHandlerBuilder MapSetRoute(this RouteGroupBuilder operatorApi) => operatorApi
        .MapPut("/failover/routes/{line}", HandleAsync)
        .WithName("setRoute")
        .WithSummary("Sends new calls of a line to Vapi or to the own pipeline.");

    private static async Task<Results<Ok<RouteItem>, ValidationProblem>> HandleAsync(
        CallRouteStore routes, HttpContext http, TimeProvider time, [Description("E.164, or all.")] string line, RouteBody body, CancellationToken aborted)
    {
        var read = new QueryReader();
        var parsedLine = CallRoute.ParseLine(line is All ? CallRoute.Any : line);
        if (parsedLine is null)
        {
            read.Refuse("line", "A number such as +12065550100, or all.");
        }

        if (CallRoute.ParseMode(body.Mode) is not { } mode)
        {
            read.Refuse("mode", "auto, vapi, own, or a part such as 25%.");
            return read.Problem();
        }

        if (read.HasErrors)
        {
            return read.Problem();
        }

        var route = new CallRoute(parsedLine!, mode.Mode, mode.Percent, time.GetUtcNow(), OperatorKey.IdOf(http));
        await routes.SetAsync(route, aborted);
        return TypedResults.Ok(RouteItem.Of(route));
    }
}
