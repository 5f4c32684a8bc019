using System.CommandLine;
using ToolBackend.Cli.Sync;
using ToolBackend.Vapi.Restoring;

namespace ToolBackend.Cli.Verbs;

/// <summary><c>toolbackend vapi snapshot</c>: writes what is ours as Vapi and Twilio have it now, without secrets. Every apply takes one by itself.</summary>
internal static class VapiSnapshot
{
    private static readonly Option<string?> Out = new("--out", "-o")
    {
        Description = "File to write; otherwise .toolbackend/snapshots/ENV/TIME.json beside the definitions",
        HelpName = "file",
    };

    public static Command Command() => new Command("snapshot", "Write down what is ours as it is at Vapi and Twilio now, without secrets; rollback --to goes back to it. Changes nothing.")
    {
        Out,
        SyncOptions.State,
    }.Does("vapi snapshot", async (parsed, console, cancellation) =>
    {
        await using var session = SyncSession.Open(parsed, console);
        var state = await session.StateAsync(cancellation);
        var world = await session.WorldAsync(state, cancellation);
        var snapshot = SnapshotTaking.Of(session.Definitions, state, world, TimeProvider.System.GetUtcNow());
        string path;
        if (parsed.GetValue(Out) is { } file)
        {
            path = Path.GetFullPath(file);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await File.WriteAllTextAsync(path, snapshot.ToJson(), cancellation);
        }
        else
        {
            path = await snapshot.SaveAsync(Path.Combine(session.PrivateFolder, "snapshots"), cancellation);
        }

        var shown = Path.GetRelativePath(Directory.GetCurrentDirectory(), path);
        console.Object(new { type = "snapshot", file = path, resources = snapshot.Resources.Count, takenAt = snapshot.TakenAt });
        console.Result($"{shown}: {snapshot.Resources.Count} resource{(snapshot.Resources.Count == 1 ? "" : "s")} of {session.Environment}", Tone.Good);
        return ExitCodes.Ok;
    });
}
