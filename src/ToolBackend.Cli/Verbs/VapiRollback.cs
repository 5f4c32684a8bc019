using System.CommandLine;
using System.Text.Json.Nodes;
using ToolBackend.Cli.Sync;
using ToolBackend.Vapi.Restoring;
using ToolBackend.Vapi.Sync.Applying;
using ToolBackend.Vapi.Sync.Planning;
using ToolBackend.Vapi.Sync.State;

namespace ToolBackend.Cli.Verbs;

/// <summary><c>toolbackend vapi rollback --to FILE</c>: makes Vapi and Twilio again what a snapshot says. The files stay as they are: the next plan shows how they differ.</summary>
internal static class VapiRollback
{
    private static readonly Option<string> To = new("--to")
    {
        Description = "A file that snapshot or apply wrote (.toolbackend/snapshots/ENV/*.json)",
        HelpName = "file",
        Required = true,
    };

    public static Command Command() => new Command(
        "rollback", "Bring what is ours back to a snapshot, shown as a plan and confirmed first. Exit 0: done, 6: something moved while you looked, nothing was sent, 7: done in part.")
    {
        To,
        SyncOptions.Target,
        SyncOptions.AllowDelete,
        SyncOptions.ManageCredentials,
        SyncOptions.State,
        SyncOptions.Yes,
        SyncOptions.NoInput,
    }.Does("vapi rollback", async (parsed, console, cancellation) =>
    {
        await using var session = SyncSession.Open(parsed, console);
        await using var held = await session.Store.LockAsync(cancellation);
        var snapshot = await OpenAsync(parsed.GetValue(To)!, cancellation);
        var state = await session.StateAsync(cancellation);
        var options = SyncOptions.Plan(parsed);
        options = options with { ManageCredentials = options.ManageCredentials || VapiPull.Owns(state) };
        var world = await session.WorldAsync(state, cancellation);
        var rollback = Rollback.To(snapshot, session.Definitions, state, world, options, Environment.GetEnvironmentVariable);
        VapiPlan.Show(console, session, rollback.Plan, world);
        Show(console, rollback);
        if (rollback.IsEmpty)
        {
            return ExitCodes.Ok;
        }

        Applier.Check(rollback.Plan, Environment.GetEnvironmentVariable);
        if (!parsed.GetValue(SyncOptions.Yes))
        {
            if (!await Confirmation.AskAsync(console, "Go back to this?", "yes", parsed.GetValue(SyncOptions.NoInput), "look at the plan, then add --yes", cancellation))
            {
                console.Error("nothing was changed");
                return ExitCodes.Error;
            }

            // People take their time: what they agreed to must still be what happens.
            world = await session.WorldAsync(state, cancellation);
            var now = Rollback.To(snapshot, session.Definitions, state, world, options, Environment.GetEnvironmentVariable);
            if (PlanFile.Of(rollback.Plan, snapshot.TakenAt).MovedSince(now.Plan) is [_, ..] || !Same(rollback, now))
            {
                throw new CliException("Vapi or Twilio changed while you looked; nothing was sent", "run it again and look at the new plan") { ExitCode = ExitCodes.Conflict };
            }

            rollback = now;
        }

        var code = await VapiApply.RunAsync(console, session, rollback.Plan, world, isDecided: true, noInput: true, question: null, cancellation);
        if (code != ExitCodes.Ok)
        {
            return code;
        }

        await rollback.RestoreAddressesAsync(session.Remote, restored =>
        {
            console.Object(new { type = "applied", key = restored.Key.ToString(), action = PlanAction.Update, linking = false });
            console.Line($"updated {restored.Key}", Tone.Good);
        }, cancellation);
        console.Line("The files are as they were: toolbackend vapi plan shows how they differ now.");
        return ExitCodes.Ok;
    });

    private static async Task<Snapshot> OpenAsync(string file, CancellationToken cancellation)
    {
        if (!File.Exists(file))
        {
            throw new CliException($"there is no snapshot {Printable.Of(file)}", "toolbackend vapi snapshot writes one; apply's are below .toolbackend/snapshots");
        }

        return Snapshot.Parse(await File.ReadAllTextAsync(file, cancellation), Path.GetFileName(file));
    }

    private static bool Same(Rollback one, Rollback other) => one.Addresses.Count == other.Addresses.Count
        && one.Addresses.Zip(other.Addresses).All(pair => pair.First.Id == pair.Second.Id && JsonNode.DeepEquals(pair.First.Addresses, pair.Second.Addresses));

    private static void Show(CliConsole console, Rollback rollback)
    {
        foreach (var restore in rollback.Addresses)
        {
            console.Line($"  ~ {restore.Key}  (at Twilio; no phone number of ours any more)", Tone.Warning);
            foreach (var (name, address) in restore.Addresses)
            {
                console.Object(new { type = "address", key = restore.Key.ToString(), path = name, before = Text(restore.Now[name]), after = Text(address) });
                console.Line($"      {name}: {Printable.Of(Text(restore.Now[name]) ?? "(none)")} -> {Printable.Of(Text(address) ?? "(none)")}");
            }
        }
    }

    private static string? Text(JsonNode? node) => node?.GetValue<string>();
}
