using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ToolBackend.LocalStack.Simulators.Http;

internal static class FaultEndpoints
{
    /// <summary>GET, POST and DELETE of <c>/faults</c>.</summary>
    public static void MapFaults(this RouteGroupBuilder admin, FaultBoard faults)
    {
        admin.MapGet("/faults", () => faults.Current);
        admin.MapPost("/faults", (SimulatorFault fault) =>
        {
            faults.Add(fault);
            return Results.NoContent();
        });
        admin.MapDelete("/faults", () =>
        {
            faults.Clear();
            return Results.NoContent();
        });
    }
}
