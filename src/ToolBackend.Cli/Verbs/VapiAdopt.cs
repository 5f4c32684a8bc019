using System.CommandLine;
using ToolBackend.Cli.Sync;
using ToolBackend.Vapi.Sync;
using ToolBackend.Vapi.Sync.Planning;

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
        foreach (var (key, id) in chosen)
        {
            var (adopted, remote) = Adoption.Of(plan, world, key, id) switch
            {
                { Known: { } known, Remote: { } found } => (known, found),
                var refused => throw new CliException($"{key}: {refused.Refusal}", refused.Fix!),
            };
            state = (state with { Organization = state.Organization ?? world.Organization }).With(key, adopted);
            console.Object(new { type = "adopted", key = key.ToString(), id = remote.Id });
            console.Line($"adopted {key} ({remote.Id})", Tone.Good);
        }

        if (chosen.Count > 0)
        {
            await session.Store.WriteAsync(state, cancellation);
        }

        console.Object(new { type = "summary", adopted = chosen.Count });
        console.Result(chosen.Count == 0 ? "There is nothing to adopt." : $"{chosen.Count} adopted. toolbackend vapi plan shows how they differ from the files.");
        return ExitCodes.Ok;
    });

    private static (ResourceKey Key, string? Id) Parse(string text)
    {
        var parts = text.Split('=', 2);
        return ResourceKey.TryParse(parts[0], out var key)
            ? (key, parts.Length == 2 ? parts[1] : null)
            : throw new CliException($"{Printable.Of(text)} is no resource", "name it as plan does, such as tool.find_it") { ExitCode = ExitCodes.Usage };
    }
}
