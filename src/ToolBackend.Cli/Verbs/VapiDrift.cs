using System.CommandLine;
using ToolBackend.Cli.Sync;
using ToolBackend.Vapi.Sync;
using ToolBackend.Vapi.Sync.Planning;

namespace ToolBackend.Cli.Verbs;

/// <summary><c>toolbackend vapi drift</c>: what was changed at Vapi or Twilio since the last apply, whatever the files say now. For a nightly job.</summary>
internal static class VapiDrift
{
    public static Command Command() => new Command("drift", "Show what was changed at Vapi since the last apply. Exit 0: nothing, 3: something.")
    {
        SyncOptions.Target,
        SyncOptions.State,
    }.Does("vapi drift", async (parsed, console, cancellation) =>
    {
        await using var session = SyncSession.Open(parsed, console);
        var state = await session.StateAsync(cancellation);
        var world = await session.WorldAsync(state, cancellation);
        var plan = session.Plan(state, world, new PlanOptions
        {
            ManageCredentials = state.Resources.Keys.Any(key => key.Kind == SyncKind.Credential),
            Targets = SyncOptions.Targets(parsed),
        });
        var drifted = plan.Resources.Where(resource => resource.HasDrift || IsGone(resource))
            .Select(resource => resource with { Fields = [.. resource.Fields.Where(change => change.Verdict is FieldVerdict.Drift or FieldVerdict.Conflict)] }).ToList();
        var shown = new Shown(world);
        var only = plan with { Resources = drifted, Problems = [] };
        PlanJson.Write(console, shown, only);
        if (drifted.Count == 0)
        {
            console.Result($"No drift: {state.Resources.Count} resources are at Vapi as they were applied.", Tone.Good);
            return ExitCodes.Ok;
        }

        new PlanText(console, shown, console.Width).Drift(only, session.Where);
        return ExitCodes.Drift;
    });

    // A number's addresses are forgotten when its file no longer names them: nobody changed anything at Twilio.
    private static bool IsGone(PlannedResource resource) =>
        resource is { Known: not null, Remote: null, Action: PlanAction.Create or PlanAction.Forget } && resource.Key.Kind != SyncKind.NumberRouting;
}
