using System.CommandLine;
using ToolBackend.Cli.Pulling;
using ToolBackend.Cli.Sync;
using ToolBackend.Vapi.Definitions;
using ToolBackend.Vapi.Definitions.Writing;
using ToolBackend.Vapi.Pulling;
using ToolBackend.Vapi.Sync;
using ToolBackend.Vapi.Sync.Planning;
using ToolBackend.Vapi.Sync.State;
using ToolBackend.Vapi.Sync.World;

namespace ToolBackend.Cli.Verbs;

/// <summary>
/// <c>toolbackend vapi pull</c>: brings what was changed at Vapi (and Twilio) into the files. Changes nothing at Vapi, and nothing in the state unless <c>--adopt</c> says so.
/// With <c>--all</c> the folder may be empty or missing.
/// </summary>
internal static class VapiPull
{
    private static readonly Option<bool> All = new("--all") { Description = "Also make files for what exists at Vapi and no file defines" };

    private static readonly Option<bool> Adopt = new("--adopt") { Description = "With --all: what files are made for is ours from now on, as adopt would make it" };

    private static readonly Option<bool> Overwrite = new("--force")
    {
        Description = "Take Vapi's side of everything that differs, and overwrite files with differences that are not committed",
    };

    public static Command Command() => new Command(
        "pull", "Bring what was changed at Vapi into the files; comments and ${variables} of what did not change stay. Exit 0: done, 6: some files were left alone and wait for a decision.")
    {
        SyncOptions.Target,
        All,
        Adopt,
        Overwrite,
        SyncOptions.ManageCredentials,
        SyncOptions.State,
    }.Does("vapi pull", async (parsed, console, cancellation) =>
    {
        var folder = parsed.GetValue(VapiCommands.Folder)!;
        var all = parsed.GetValue(All);
        var environmentFile = Path.Combine(folder, NewEnvironment.FileOf(parsed.GetValue(VapiCommands.Environment)!));
        if (all && NewEnvironment.IsNeededIn(folder))
        {
            await WriteAsync(environmentFile, NewEnvironment.Text([]), cancellation);
        }

        await using var session = SyncSession.Open(parsed, console, mayBeEmpty: all);
        await using var held = parsed.GetValue(Adopt) ? await session.Store.LockAsync(cancellation) : null;
        var options = new PullOptions { All = all, Force = parsed.GetValue(Overwrite), Targets = SyncOptions.Targets(parsed) };
        var state = await session.StateAsync(cancellation);
        var world = await session.WorldAsync(state, cancellation);
        var plan = session.Plan(state, world, new PlanOptions { ManageCredentials = parsed.GetValue(SyncOptions.ManageCredentials) || Owns(state) });
        var writer = new DefinitionWriter(session.Definitions.Environment, Environment.GetEnvironmentVariable);
        var pulled = PullPlanner.Plan(session.Definitions, plan, world, options, writer, file => File.ReadAllText(Path.Combine(folder, file)));
        if (options.Targets.FirstOrDefault(target => pulled.All(resource => resource.Key != target && resource.Key.Name != target.Name)) is { Name: not null } missing)
        {
            throw new CliException($"there is no {missing} to pull", "name it as plan does, such as assistant.receptionist; what no file defines comes with --all") { ExitCode = ExitCodes.Usage };
        }

        var edits = await LocalEdits.InAsync(folder, cancellation);
        var left = 0;
        var written = new List<PulledResource>();
        foreach (var resource in pulled.Where(resource => resource.Action != PullAction.Unchanged))
        {
            var refusal = resource.Text is null ? null : Refusal(resource, folder, edits, options, session.Definitions);
            if (resource.Text is not null && refusal is null)
            {
                await WriteAsync(Path.Combine(folder, resource.File!), resource.Text, cancellation);
                written.Add(resource);
            }

            left += refusal is not null || resource.Action is PullAction.Conflict or PullAction.Unwritable or PullAction.Ambiguous ? 1 : 0;
            Tell(console, folder, resource, refusal);
        }

        var (updated, added) = (pulled.Count(resource => resource.Action == PullAction.Update), pulled.Count(resource => resource.Action == PullAction.New && resource.Text is not null));
        console.Object(new { type = "summary", updated, @new = added, leftAlone = left, unchanged = pulled.Count(resource => resource.Action == PullAction.Unchanged) });
        console.Result(updated + added + left == 0 ? "Nothing to pull: the files say what Vapi has." : $"Pulled: {updated} to update, {added} new, {left} left alone.", left > 0 ? Tone.Warning : Tone.Good);
        Secrets(console, written);
        var made = written.Where(resource => resource.Action == PullAction.New).ToList();
        if (made.Count > 0)
        {
            var findings = session.Reload(parsed);
            if (NewEnvironment.Lenient(findings) is [_, ..] lenient && await File.ReadAllTextAsync(environmentFile, cancellation) == NewEnvironment.Text([]))
            {
                await WriteAsync(environmentFile, NewEnvironment.Text(lenient), cancellation);
                findings = session.Reload(parsed);
            }

            await OwnAsync(console, session, state, world, made, parsed.GetValue(Adopt), cancellation);
            Tell(console, session, findings);
        }

        return left > 0 ? ExitCodes.Conflict : ExitCodes.Ok;
    });

    /// <summary>Whether credentials are among what is ours, and not only looked up.</summary>
    public static bool Owns(SyncState state) => state.Resources.Keys.Any(key => key.Kind == SyncKind.Credential);

    /// <summary>Why a file is not written; null when it is.</summary>
    private static string? Refusal(PulledResource resource, string folder, IReadOnlySet<string>? edits, PullOptions options, DefinitionSet definitions)
    {
        if (resource.Action == PullAction.New)
        {
            return File.Exists(Path.Combine(folder, resource.File!)) ? "a file of that name is there" : null;
        }

        if (options.Force)
        {
            return null;
        }

        return edits is null ? "git does not look after it, so that its text could not come back"
            : edits.Contains(resource.File!) ? "it has differences that are not committed"
            : null;
    }

    // Beside it and moved over: a crash leaves the old file or the new one. A name with a dot in front is no definition.
    private static async Task WriteAsync(string path, string text, CancellationToken cancellation)
    {
        var folder = Path.GetDirectoryName(path)!;
        Directory.CreateDirectory(folder);
        var beside = Path.Combine(folder, $".{Path.GetFileName(path)}.new");
        await File.WriteAllTextAsync(beside, text, cancellation);
        File.Move(beside, path, overwrite: true);
    }

    private static void Tell(CliConsole console, string folder, PulledResource resource, string? refusal)
    {
        var file = resource.File is null ? null : Path.Combine(folder, resource.File).Replace('\\', '/');
        console.Object(new
        {
            type = "pulled", key = resource.Key.ToString(), action = resource.Action, file, written = resource.Text is not null && refusal is null, fields = resource.Fields, secrets = resource.Secrets,
            reason = refusal ?? resource.Reason, id = resource.Id,
        });
        var fields = string.Join(", ", resource.Fields.Select(Printable.Of));
        var (symbol, tone, words) = (refusal, resource.Action) switch
        {
            ({ } why, _) => ("!", Tone.Bad, $"left alone: {why}" + (resource.Action == PullAction.Update ? " (commit or stash it, or add --force)" : "")),
            (_, PullAction.Update) => ("~", Tone.Warning, fields),
            (_, PullAction.New) when resource.Text is not null => ("+", Tone.Good, resource.Key.ToString()),
            (_, PullAction.Ahead) => (" ", Tone.Plain, $"left alone: only the file has new {fields} (apply sends it, --force drops it)"),
            (_, PullAction.Conflict) => ("!", Tone.Bad, $"left alone: changed here and at Vapi: {fields} (--force takes Vapi's)"),
            (_, PullAction.Missing) => (" ", Tone.Plain, "not at Vapi" + (resource.Reason is { } reason ? $": {reason}" : "")),
            (_, PullAction.Ambiguous) => ("!", Tone.Bad, $"{resource.Reason} (adopt {resource.Key}=ID says which)"),
            (_, PullAction.Unwritable) => ("!", Tone.Bad, $"cannot be written: {Printable.Of(resource.Reason)}"),
            _ => ("!", Tone.Bad, Printable.Of(resource.Reason)),
        };
        console.Line($"  {symbol} {file ?? resource.Key.ToString()}  {words}", tone);
    }

    private static void Secrets(CliConsole console, IReadOnlyList<PulledResource> written)
    {
        if (written.SelectMany(resource => resource.Secrets).Distinct(StringComparer.Ordinal).ToList() is [_, ..] secrets)
        {
            console.Line($"The files name secrets that whoever applies them has to set: {string.Join(", ", secrets)}.", Tone.Warning);
        }
    }

    /// <summary>Takes what files were made for into the state, or says how that is done. Credentials that are only looked up are nobody's.</summary>
    private static async Task OwnAsync(
        CliConsole console, SyncSession session, SyncState state, RemoteWorld world, IReadOnlyList<PulledResource> made, bool adopt, CancellationToken cancellation)
    {
        var plan = session.Plan(state, world, new PlanOptions { ManageCredentials = Owns(state) });
        var chosen = made.Where(resource => plan.Resources.Any(planned => planned.Key == resource.Key && planned.Action is not PlanAction.Read) && !state.Resources.ContainsKey(resource.Key))
            .Select(resource => (resource.Key, resource.Id)).ToList();
        if (chosen.Count == 0)
        {
            return;
        }

        if (adopt)
        {
            await VapiAdopt.RunAsync(console, session, plan, world, chosen, cancellation);
            return;
        }

        console.Line($"What is new is not ours until it is adopted: toolbackend vapi adopt {string.Join(' ', chosen.Select(one => $"{one.Key}={one.Id}"))}");
    }

    private static void Tell(CliConsole console, SyncSession session, IReadOnlyList<DefinitionError> findings)
    {
        if (findings.Count(finding => finding.Severity is Severity.Error) is > 0 and var errors)
        {
            var rules = NewEnvironment.Lenient(findings);
            console.Line($"{errors} rule{(errors == 1 ? " is" : "s are")} broken by the files: toolbackend vapi validate shows where. Until then no other verb goes on.", Tone.Warning);
            if (rules.Count > 0)
            {
                console.Line($"  fix: for now, those of good practice can be lenient in {NewEnvironment.FileOf(session.Environment)}: lenient: [{string.Join(", ", rules)}]");
            }
        }
    }
}
