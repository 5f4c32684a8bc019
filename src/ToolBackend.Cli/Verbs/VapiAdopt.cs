using System.CommandLine;
using ToolBackend.Cli.Sync;
using ToolBackend.Vapi.Sync;
using ToolBackend.Vapi.Sync.Planning;
using ToolBackend.Vapi.Sync.World;

namespace ToolBackend.Cli.Verbs;

/// <summary><c>toolbackend vapi adopt [KIND.NAME[=ID] ...]</c>: takes objects that are at Vapi into the state, so that the next plan compares them. Changes nothing at Vapi.</summary>
internal static class VapiAdopt
{
    private static readonly Argument<string[]> Which = new("resources")
    {
        Description = "KIND.NAME, or KIND.NAME=ID where the name says too little; none: all that plan shows with »",
        Arity = ArgumentArity.ZeroOrMore,
    };

    public static Command Command() => new Command("adopt", "Make objects ours that exist at Vapi under the names of the files. Nothing is changed there; the next plan shows what would be.")
    {
        Which,
        SyncOptions.ManageCredentials,
        SyncOptions.State,
    }.Does("vapi adopt", async (parsed, console, cancellation) =>
    {
        await using var session = SyncSession.Open(parsed, console);
        await using var held = await session.Store.LockAsync(cancellation);
        var state = await session.StateAsync(cancellation);
        var world = await session.WorldAsync(state, cancellation);
        var asked = (parsed.GetValue(Which) ?? []).Select(Parse).ToList();
        var options = new PlanOptions { ManageCredentials = parsed.GetValue(SyncOptions.ManageCredentials) || asked.Any(one => one.Key.Kind == SyncKind.Credential) };
        var plan = session.Plan(state, world, options);
        var chosen = asked.Count > 0 ? asked : [.. plan.Of(PlanAction.Adopt).Select(resource => (resource.Key, Id: (string?)null))];
        await RunAsync(console, session, plan, world, chosen, cancellation);
        console.Object(new { type = "summary", adopted = chosen.Count });
        console.Result(chosen.Count == 0 ? "There is nothing to adopt." : $"{chosen.Count} adopted. toolbackend vapi plan shows how they differ from the files.");
        return ExitCodes.Ok;
    });

    /// <summary>All of them, or none: one that is refused leaves the state as it was. The state must be locked.</summary>
    /// <exception cref="CliException">One is refused.</exception>
    public static async Task RunAsync(
        CliConsole console, SyncSession session, SyncPlan plan, RemoteWorld world, IReadOnlyCollection<(ResourceKey Key, string? Id)> chosen, CancellationToken cancellation)
    {
        var state = plan.State with { Organization = plan.State.Organization ?? world.Organization };
        foreach (var (key, outcome) in Adoption.Of(plan, world, chosen))
        {
            if (outcome is not { Known: { } known, Remote: { } remote })
            {
                throw new CliException($"{key}: {outcome.Refusal}", outcome.Fix!);
            }

            state = state.With(key, known);
            console.Object(new { type = "adopted", key = key.ToString(), id = remote.Id });
            console.Line($"adopted {key} ({remote.Id})", Tone.Good);
        }

        if (chosen.Count > 0)
        {
            await session.Store.WriteAsync(state, cancellation);
        }
    }

    private static (ResourceKey Key, string? Id) Parse(string text)
    {
        var parts = text.Split('=', 2);
        return ResourceKey.TryParse(parts[0], out var key)
            ? (key, parts.Length == 2 ? parts[1] : null)
            : throw new CliException($"{Printable.Of(text)} is no resource", "name it as plan does, such as tool.find_it") { ExitCode = ExitCodes.Usage };
    }
}
