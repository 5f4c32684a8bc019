using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ToolBackend.LocalStack.Simulators.Http;
using ToolBackend.LocalStack.Simulators.Vapi.Calls;

namespace ToolBackend.LocalStack.Simulators.Vapi;

/// <summary>What <c>POST /_sim/calls</c> takes.</summary>
public sealed record PlayRequest
{
    /// <summary>A name of <see cref="ReadyScripts.All"/>.</summary>
    public string Script { get; init; } = "booking";

    public int Seed { get; init; }

    /// <summary>1 for real time; 0 for as fast as the webhook answers.</summary>
    public double Speed { get; init; } = 1;

    public string? CallId { get; init; }

    public string? CustomerNumber { get; init; }

    public int? BodyBytes { get; init; }

    /// <summary>Seconds that the call shall last.</summary>
    public double? LengthSeconds { get; init; }

    public DeliveryFaults Faults { get; init; } = DeliveryFaults.None;

    /// <summary>Whether the answer waits for the end of the call.</summary>
    public bool Wait { get; init; }

    internal CallScript ToScript()
    {
        var script = ReadyScripts.All[Script](Seed);
        return script with
        {
            CallId = CallId,
            CustomerNumber = CustomerNumber ?? script.CustomerNumber,
            BodyBytes = BodyBytes ?? script.BodyBytes,
            Length = LengthSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : script.Length,
        };
    }
}

/// <summary>Drives the simulator from outside.</summary>
/// <remarks>
/// <code>
/// GET    /_sim                  what there is: address, counts, faults
/// GET    /_sim/scripts          names of ready scripts
/// POST   /_sim/calls            plays one (PlayRequest); 202 with its state, 200 when it waited for the end
/// GET    /_sim/calls[/{id}]     states of calls that were played so
/// GET    /_sim/commands         what came to control URLs
/// GET    /_sim/requests         what came to the REST API
/// POST   /_sim/faults           adds a fault (SimulatorFault)
/// DELETE /_sim/faults           clears them
/// POST   /_sim/reset            forgets everything
/// </code>
/// </remarks>
internal static class AdminEndpoints
{
    public static void Map(WebApplication app, VapiSimulator simulator)
    {
        var admin = app.MapGroup(FaultGate.AdminPath);
        admin.MapGet("/", () => new
        {
            simulator.Url,
            Calls = simulator.Calls.Count,
            Live = simulator.Calls.Live,
            Commands = simulator.Commands.Count,
            Faults = simulator.Faults.Current,
            Webhook = simulator.Options.Webhook?.Url,
        });
        admin.MapGet("/scripts", () => ReadyScripts.All.Keys);
        admin.MapPost("/calls", (PlayRequest request) => PlayAsync(simulator, request));
        admin.MapGet("/calls", () => simulator.Desk.States);
        admin.MapGet("/calls/{id}", (string id) => simulator.Desk.Find(id) is { } state ? Results.Ok(state) : Results.NotFound());
        admin.MapGet("/commands", () => simulator.Commands);
        admin.MapGet("/requests", () => simulator.Requests.All);
        admin.MapFaults(simulator.Faults);
        admin.MapPost("/reset", () =>
        {
            simulator.Reset();
            return Results.NoContent();
        });
    }

    private static async Task<IResult> PlayAsync(VapiSimulator simulator, PlayRequest request)
    {
        if (!ReadyScripts.All.ContainsKey(request.Script))
        {
            return Results.BadRequest(new { error = $"No script {request.Script}; there are {string.Join(", ", ReadyScripts.All.Keys)}." });
        }

        if (simulator.Options.Webhook is null || request.Speed < 0)
        {
            return Results.BadRequest(new { error = request.Speed < 0 ? "speed is 0 or more." : "The simulated organisation has no webhook." });
        }

        var script = request.ToScript();
        var callId = ScriptedCall.Of(script, simulator.Time.GetUtcNow()).Id;
        if (!simulator.Desk.Start(script, simulator.Sender(), request.Speed == 0 ? CallSender.AtOnce : request.Speed, request.Faults))
        {
            return Results.Conflict(new { error = $"The call {callId} is being played, or {PlayDesk.MostPlays} others are." });
        }

        if (!request.Wait)
        {
            return Results.Accepted($"{FaultGate.AdminPath}/calls/{callId}", simulator.Desk.Find(callId));
        }

        await simulator.Desk.WhenDoneAsync(callId);
        return Results.Ok(simulator.Desk.Find(callId));
    }
}
