using System.CommandLine;
using ToolBackend.Cli.Sync;
using ToolBackend.Vapi.Restoring;
using ToolBackend.Vapi.Sync.Applying;
using ToolBackend.Vapi.Sync.Planning;
using ToolBackend.Vapi.Sync.World;

namespace ToolBackend.Cli.Verbs;

/// <summary><c>toolbackend vapi apply [PLAN]</c>: carries out what the files say, or a saved plan. A person is asked first; a script says <c>--yes</c>.</summary>
internal static class VapiApply
{
    private static readonly Argument<string?> Saved = new("plan")
    {
        Description = "A file of plan --out: applied only if neither the files nor Vapi changed since",
        Arity = ArgumentArity.ZeroOrOne,
    };

    public static Command Command() => new Command(
        "apply", "Make Vapi (and Twilio's numbers) as the files say. Exit 0: done, 6: something waits for a decision or moved, nothing was sent, 7: done in part, run it again.")
    {
        Saved,
        SyncOptions.Target,
        SyncOptions.AllowDelete,
        SyncOptions.Force,
        SyncOptions.ManageCredentials,
        SyncOptions.State,
        SyncOptions.Yes,
        SyncOptions.NoInput,
    }.Does("vapi apply", async (parsed, console, cancellation) =>
    {
        await using var session = SyncSession.Open(parsed, console);
        await using var held = await session.Store.LockAsync(cancellation);
        var saved = parsed.GetValue(Saved) is { } file ? await OpenAsync(file, session, cancellation) : null;
        var options = saved?.Options ?? SyncOptions.Plan(parsed);
        var state = await session.StateAsync(cancellation);
        var world = await session.WorldAsync(state, cancellation);
        var plan = session.Plan(state, world, options);
        if (saved?.MovedSince(plan) is [_, ..] moved)
        {
            throw Moved(console, moved);
        }

        VapiPlan.Show(console, session, plan, world);
        return await RunAsync(console, session, plan, world, isDecided: saved is not null || parsed.GetValue(SyncOptions.Yes), parsed.GetValue(SyncOptions.NoInput), question: null, cancellation);
    });

    /// <summary>Asks, looks again, takes a snapshot and applies; for all verbs that write.</summary>
    /// <param name="isDecided">Nobody has to be asked.</param>
    /// <param name="question">What must be typed instead of yes, with a sentence; null for an ordinary apply.</param>
    public static async Task<int> RunAsync(
        CliConsole console, SyncSession session, SyncPlan plan, RemoteWorld world, bool isDecided, bool noInput, (string Sentence, string Word)? question, CancellationToken cancellation)
    {
        Applier.Check(plan, Environment.GetEnvironmentVariable);
        if (!plan.HasWrites && !plan.HasSettling && plan.State.Pending.IsEmpty)
        {
            return ExitCodes.Ok;
        }

        if (plan.HasWrites && !isDecided)
        {
            if (!await Confirmation.AskAsync(console, question?.Sentence ?? "Do this?", question?.Word ?? "yes", noInput, "look at the plan, then add --yes, or apply a saved plan", cancellation))
            {
                console.Error("nothing was changed");
                return ExitCodes.Error;
            }

            // People take their time: what they agreed to must still be what happens.
            var now = await session.WorldAsync(plan.State, cancellation);
            if (PlanFile.Of(plan, TimeProvider.System.GetUtcNow()).MovedSince(session.Plan(plan.State, now, plan.Options)) is [_, ..] moved)
            {
                throw Moved(console, moved);
            }
        }

        // Also before the first apply: a number's addresses at Twilio are changed then.
        if (plan.HasWrites && SnapshotTaking.Of(session.Definitions, plan.State, world, TimeProvider.System.GetUtcNow()) is { Resources.Count: > 0 } snapshot)
        {
            var file = await snapshot.SaveAsync(Path.Combine(session.PrivateFolder, "snapshots"), cancellation);
            console.Line($"snapshot: {Path.GetRelativePath(Directory.GetCurrentDirectory(), file)}");
        }

        var steps = new ApplyText(console, plan.Resources.Count(resource => resource.Writes));
        try
        {
            return steps.End(await new Applier(session.Remote, session.Store, Environment.GetEnvironmentVariable, steps.Tell).ApplyAsync(plan, world, cancellation));
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            console.Error("interrupted", "run it again: it goes on where it stopped");
            return ExitCodes.Interrupted;
        }
    }

    private static async Task<PlanFile> OpenAsync(string file, SyncSession session, CancellationToken cancellation)
    {
        if (!File.Exists(file))
        {
            throw new CliException($"there is no plan {Printable.Of(file)}", "toolbackend vapi plan --out FILE writes one");
        }

        var saved = PlanFile.Parse(await File.ReadAllTextAsync(file, cancellation), file);
        return saved.Environment == session.Environment
            ? saved
            : throw new CliException($"{file} is a plan for {saved.Environment}, not {session.Environment}", $"add --env {saved.Environment}");
    }

    private static CliException Moved(CliConsole console, IReadOnlyList<string> moved)
    {
        foreach (var sentence in moved)
        {
            console.Object(new { type = "moved", message = sentence });
            console.Result(sentence, Tone.Bad);
        }

        return new CliException("the plan is not what would happen now; nothing was sent", "plan again and look at it") { ExitCode = ExitCodes.Conflict };
    }
}
