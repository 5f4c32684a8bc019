using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using ToolBackend.Vapi.Definitions;
using ToolBackend.Vapi.Sync.Comparison;
using ToolBackend.Vapi.Sync.State;

namespace ToolBackend.Vapi.Sync.Planning;

/// <summary>
/// A plan to be applied later: what it does to each resource, and salted hashes of what the files said and Vapi had. It holds no body and no secret. Whoever applies it makes
/// the plan anew, from the same files, and goes on only when it is the same.
/// </summary>
public sealed record PlanFile(string Environment, string Vapi, DateTimeOffset MadeAt, PlanOptions Options, IReadOnlyDictionary<ResourceKey, PlanFileEntry> Resources)
{
    private const string Format = "toolbackend.plan/1";

    private static readonly JsonSerializerOptions s_json = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static PlanFile Of(SyncPlan plan, DateTimeOffset now)
    {
        var hasher = new FieldHasher(plan.State.Salt);
        return new PlanFile(plan.State.Environment, plan.State.Vapi, now, plan.Options, plan.Resources.ToDictionary(resource => resource.Key, resource => PlanFileEntry.Of(resource, hasher)));
    }

    /// <summary>Why the plan is not the same any more: one sentence per resource that moved, at Vapi or in the files. Empty: it is.</summary>
    public IReadOnlyList<string> MovedSince(SyncPlan plan)
    {
        var now = Of(plan, MadeAt).Resources;
        return
        [
            .. Resources.Keys.Union(now.Keys).Order(ResourceKey.Order).Select(key => (key, Then: Resources.GetValueOrDefault(key), Now: now.GetValueOrDefault(key))).Where(pair => pair.Then != pair.Now)
                .Select(pair => pair.Then?.Files != pair.Now?.Files ? $"{pair.key}: its file changed"
                    : pair.Then?.Remote != pair.Now?.Remote ? $"{pair.key}: it changed at {(pair.key.Kind == SyncKind.NumberRouting ? "Twilio" : "Vapi")}"
                    : $"{pair.key}: it was applied, or forgotten, in the meantime"),
        ];
    }

    public string ToJson() => new JsonObject
    {
        ["format"] = Format,
        ["environment"] = Environment,
        ["vapi"] = Vapi,
        ["madeAt"] = MadeAt.UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
        ["force"] = Options.Force,
        ["allowDelete"] = Options.AllowDelete,
        ["manageCredentials"] = Options.ManageCredentials,
        ["targets"] = new JsonArray([.. Options.Targets.Select(target => JsonValue.Create(target.ToString()))]),
        ["resources"] = new JsonObject(Resources.OrderBy(entry => entry.Key, ResourceKey.Order).Select(entry => KeyValuePair.Create(entry.Key.ToString(), (JsonNode?)entry.Value.ToJson()))),
    }.ToJsonString(s_json) + "\n";

    /// <exception cref="StateException">It is no plan, or of another version.</exception>
    public static PlanFile Parse(string text, string place)
    {
        var head = SavedHead.Read(text, place, "plan", Format, "madeAt");
        var root = head.Root;
        var options = new PlanOptions
        {
            Force = root.FlagAt("force") ?? false,
            AllowDelete = root.FlagAt("allowDelete") ?? false,
            ManageCredentials = root.FlagAt("manageCredentials") ?? false,
            Targets = [.. root.TextsAt("targets").Select(target => Key(target.Text))],
        };
        return new PlanFile(head.Environment, head.Vapi, head.Moment, options, (root.ObjectAt("resources") ?? []).ToDictionary(entry => Key(entry.Key), entry => PlanFileEntry.Read(entry.Value)));

        ResourceKey Key(string name) => ResourceKey.TryParse(name, out var key) ? key : throw new StateException($"{place}: {name} is no resource.");
    }
}

/// <summary>What a saved plan knows of one resource.</summary>
/// <param name="Files">Hash of what the files say; null when they do not define it.</param>
/// <param name="Remote">Id and hash of what was there; null when nothing was.</param>
public sealed record PlanFileEntry(string Action, string? Files, string? Remote)
{
    internal static PlanFileEntry Of(PlannedResource resource, FieldHasher hasher) => new(
        resource.IsHeldBack ? "HeldBack" : resource.Action.ToString(),
        resource.Wanted is { } wanted ? hasher.Of(wanted.Compared) : null,
        resource.RemoteBody is { } body ? $"{resource.Remote?.Id} {hasher.Of(string.Join(';', body.Hashes.Select(field => field.Key + "=" + field.Value)))}" : resource.Remote?.Id);

    internal JsonObject ToJson() => new() { ["action"] = Action, ["files"] = Files, ["remote"] = Remote };

    internal static PlanFileEntry Read(JsonNode? entry) => new(entry.TextAt("action") ?? "", entry.TextAt("files"), entry.TextAt("remote"));
}
