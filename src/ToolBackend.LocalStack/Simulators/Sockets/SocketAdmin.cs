using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using ToolBackend.LocalStack.Simulators.Http;

namespace ToolBackend.LocalStack.Simulators.Sockets;

/// <summary>Admin endpoints of a simulator of websockets, below <see cref="FaultGate.AdminPath"/>.</summary>
internal static class SocketAdmin
{
    /// <summary><c>faults</c>, <c>socket-faults</c>, <c>requests</c>, <c>connections</c> and <c>connections/{number}</c>.</summary>
    public static void MapSocketAdmin(this WebApplication app, FaultBoard faults, SocketHost sockets, RequestLog requests)
    {
        var admin = app.MapGroup(FaultGate.AdminPath);
        admin.MapGet("/", () => new { Connections = sockets.Connections.Count, Open = sockets.Connections.OpenCount, Faults = faults.Current, SocketFaults = sockets.Faults.Current });
        admin.MapGet("/requests", () => requests.All);
        admin.MapFaults(faults);
        admin.MapGet("/socket-faults", () => sockets.Faults.Current);
        admin.MapPost("/socket-faults", (SocketFault fault) =>
        {
            sockets.Faults.Add(fault);
            return Results.NoContent();
        });
        admin.MapDelete("/socket-faults", () =>
        {
            sockets.Faults.Clear();
            return Results.NoContent();
        });
        admin.MapGet("/connections", () => sockets.Connections.All.Select(Summary));
        admin.MapGet("/connections/{number:int}", (int number) =>
            sockets.Connections.All.FirstOrDefault(connection => connection.Number == number) is { } connection
                ? Results.Ok(new { Summary = Summary(connection), connection.Sent, connection.Received, connection.Violations })
                : Results.NotFound());
    }

    private static object Summary(SimulatedConnection connection) => new
    {
        connection.Number,
        connection.Path,
        connection.Query,
        connection.OpenedAt,
        connection.ClosedAt,
        connection.CloseStatus,
        connection.CloseReason,
        connection.IsClosedByClient,
        connection.BytesReceived,
        connection.AudioSent,
        connection.Characters,
        Violations = connection.Violations.Count,
    };
}
