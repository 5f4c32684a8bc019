using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ToolBackend.LocalStack.Simulators.Http;
using ToolBackend.LocalStack.Simulators.Language.Faults;

namespace ToolBackend.LocalStack.Simulators.Language;

/// <summary>What <c>POST /_sim/script</c> takes.</summary>
/// <param name="Text">Said to every request until the script is cleared.</param>
public sealed record ScriptRequest(string Text);

/// <summary>Drives the simulator from outside.</summary>
/// <remarks>
/// <code>
/// GET    /_sim                  address, answers that are running, faults
/// GET    /_sim/requests         what came, with bodies
/// GET    /_sim/generations      what became of each answer (Generation)
/// POST   /_sim/faults           adds a fault of HTTP (SimulatorFault); DELETE clears them
/// POST   /_sim/stream-faults    adds a fault of a stream (StreamFault); DELETE clears them
/// POST   /_sim/script           one text for every request (ScriptRequest); DELETE goes back to the model
/// POST   /_sim/timing           when tokens leave (TokenTiming)
/// POST   /_sim/wire             odd forms (WireForm)
/// POST   /_sim/reset            forgets everything
/// </code>
/// </remarks>
internal static class LanguageAdmin
{
    public static void Map(WebApplication app, LanguageSimulator simulator)
    {
        var admin = app.MapGroup(FaultGate.AdminPath);
        admin.MapGet("/", () => new { simulator.Url, simulator.Generations.Running, Faults = simulator.Faults.Current, StreamFaults = simulator.StreamFaults.Current, simulator.Timing, simulator.Wire });
        admin.MapGet("/requests", () => simulator.Requests.All);
        admin.MapGet("/generations", () => simulator.Generations.All);
        admin.MapFaults(simulator.Faults);
        admin.MapGet("/stream-faults", () => simulator.StreamFaults.Current);
        admin.MapPost("/stream-faults", (StreamFault fault) => Done(() => simulator.StreamFaults.Add(fault)));
        admin.MapDelete("/stream-faults", () => Done(simulator.StreamFaults.Clear));
        admin.MapPost("/script", (ScriptRequest script) => Done(() => simulator.Script = CompletionAnswer.Say(script.Text).ForAll()));
        admin.MapDelete("/script", () => Done(() => simulator.Script = null));
        admin.MapPost("/timing", (TokenTiming timing) => Done(() => simulator.Timing = timing));
        admin.MapPost("/wire", (WireForm wire) => Done(() => simulator.Wire = wire));
        admin.MapPost("/reset", () => Done(simulator.Reset));
    }

    private static Func<CompletionRequest, CompletionAnswer> ForAll(this CompletionAnswer answer) => _ => answer;

    private static IResult Done(Action act)
    {
        act();
        return Results.NoContent();
    }
}
