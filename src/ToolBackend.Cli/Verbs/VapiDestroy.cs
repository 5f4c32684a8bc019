using System.CommandLine;
using ToolBackend.Cli.Sync;
using ToolBackend.Vapi.Definitions;
using ToolBackend.Vapi.Sync.Planning;

namespace ToolBackend.Cli.Verbs;

/// <summary><c>toolbackend vapi destroy</c>: deletes at Vapi what this environment made or adopted there. Files stay; numbers stay at Twilio with their addresses.</summary>
internal static class VapiDestroy
{
    public static Command Command() => new Command("destroy", "Delete everything at Vapi that this environment made or adopted. Asks for the environment's name; scripts say --yes.")
    {
        SyncOptions.Target,
        SyncOptions.Force,
        SyncOptions.State,
        SyncOptions.Yes,
        SyncOptions.NoInput,
    }.Does("vapi destroy", async (parsed, console, cancellation) =>
    {
        await using var session = SyncSession.Open(parsed, console);
        await using var held = await session.Store.LockAsync(cancellation);
        var state = await session.StateAsync(cancellation);
        var world = await session.WorldAsync(state, cancellation);
        var options = new PlanOptions { Force = parsed.GetValue(SyncOptions.Force), AllowDelete = true, ManageCredentials = true, Targets = SyncOptions.Targets(parsed) };
        var plan = session.PlanToDestroy(state, world, options);
        VapiPlan.Show(console, session, plan, world);
        return await VapiApply.RunAsync(
            console, session, plan, world, parsed.GetValue(SyncOptions.Yes), parsed.GetValue(SyncOptions.NoInput),
            ($"Delete {plan.Of(PlanAction.Delete).Count()} resources of {session.Environment} at {session.Where}? Calls will find nobody.", session.Environment), cancellation);
    });
}
