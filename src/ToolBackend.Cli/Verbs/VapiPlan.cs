using System.CommandLine;
using ToolBackend.Cli.Sync;
using ToolBackend.Vapi.Sync.Planning;

namespace ToolBackend.Cli.Verbs;

/// <summary><c>toolbackend vapi plan</c>: what an apply would do. Lists what is there; changes nothing.</summary>
internal static class VapiPlan
{
    private static readonly Option<string?> Out = new("--out") { Description = "Write the plan to a file, for apply FILE. It holds hashes, no bodies and no secrets", HelpName = "file" };

    private static readonly Option<bool> DetailedExitCode = new("--detailed-exitcode")
    {
        Description = "Exit 2 when there are changes, 3 when there is only drift, 6 when something waits for a decision (conflict, adopt)",
    };

    public static Command Command() => new Command("plan", "Show what apply would change. Exit 0 also when there are changes (see --detailed-exitcode), 4: invalid definitions, 5: the key is not accepted.")
    {
        SyncOptions.Target,
        SyncOptions.AllowDelete,
        SyncOptions.Force,
        SyncOptions.ManageCredentials,
        SyncOptions.State,
        Out,
        DetailedExitCode,
    }.Does("vapi plan", async (parsed, console, cancellation) =>
    {
        await using var session = SyncSession.Open(parsed, console);
        var state = await session.StateAsync(cancellation);
        var world = await session.WorldAsync(state, cancellation);
        var plan = session.Plan(state, world, SyncOptions.Plan(parsed));
        Show(console, session, plan, world);
        if (parsed.GetValue(Out) is { } file)
        {
            if (plan.State.Resources.IsEmpty && await session.Store.ReadAsync(cancellation) is null)
            {
                // The salt of the plan's hashes must still be there when it is applied.
                await using var held = await session.Store.LockAsync(cancellation);
                await session.Store.WriteAsync(plan.State, cancellation);
            }

            await File.WriteAllTextAsync(file, PlanFile.Of(plan, TimeProvider.System.GetUtcNow()).ToJson(), cancellation);
            console.Line($"Saved to {file}: toolbackend vapi apply {file} does exactly this, or nothing.");
        }

        return !parsed.GetValue(DetailedExitCode) ? ExitCodes.Ok
            : plan.Undecided.Any() ? ExitCodes.Conflict
            : plan.HasWrites ? ExitCodes.Changes
            : plan.HasDrift ? ExitCodes.Drift
            : plan.IsEmpty ? ExitCodes.Ok
            : ExitCodes.Changes;
    });

    public static void Show(CliConsole console, SyncSession session, SyncPlan plan, ToolBackend.Vapi.Sync.World.RemoteWorld world)
    {
        var shown = new Shown(world);
        PlanJson.Write(console, shown, plan);
        new PlanText(console, shown, console.Width).Write(plan, session.Where);
    }
}
