using System.CommandLine;
using System.CommandLine.Parsing;
using ToolBackend.Vapi.Sync;
using ToolBackend.Vapi.Sync.Planning;

namespace ToolBackend.Cli.Sync;

internal enum StatePlace
{
    File,
    Postgres,
}

/// <summary>The options that the verbs share which compare files with Vapi.</summary>
internal static class SyncOptions
{
    public static readonly Option<string[]> Target = new("--target", "-t")
    {
        Description = "Only this resource and what has to be made for it, such as assistant.receptionist; may be given several times",
        HelpName = "resource",
        Validators = { RefuseOtherForms },
    };

    public static readonly Option<bool> AllowDelete = new("--allow-delete") { Description = "Delete what no file defines any more, if this tool made or adopted it" };

    public static readonly Option<bool> Force = new("--force") { Description = "Overwrite what was changed at Vapi since the last apply" };

    public static readonly Option<bool> ManageCredentials = new("--manage-credentials") { Description = "Create and rotate credentials too; otherwise they are only looked up by name" };

    public static readonly Option<StatePlace> State = new("--state")
    {
        Description = "file: state/ENV.lock.json among the definitions; postgres: table sync_state (ConnectionStrings__Postgres)",
        HelpName = "place",
        DefaultValueFactory = _ => StatePlace.File,
    };

    public static readonly Option<bool> Yes = new("--yes", "-y") { Description = "Do not ask" };

    public static readonly Option<bool> NoInput = new("--no-input") { Description = "Never ask: fail where somebody would have to be asked" };

    /// <summary>Keys of the targets.</summary>
    public static IReadOnlyList<ResourceKey> Targets(ParseResult parsed) =>
        [.. (parsed.GetValue(Target) ?? []).Select(text => ResourceKey.TryParse(text, out var key) ? key : throw new InvalidOperationException("The parser lets no other form through."))];

    public static PlanOptions Plan(ParseResult parsed) => new()
    {
        Force = parsed.GetValue(Force),
        AllowDelete = parsed.GetValue(AllowDelete),
        ManageCredentials = parsed.GetValue(ManageCredentials),
        Targets = Targets(parsed),
    };

    private static void RefuseOtherForms(OptionResult result)
    {
        foreach (var token in result.Tokens.Where(token => !ResourceKey.TryParse(token.Value, out _)))
        {
            result.AddError($"--target wants KIND.NAME with one of {string.Join(", ", SyncKinds.All.Select(kind => kind.Word()))}, not {Printable.Of(token.Value)}");
        }
    }
}
