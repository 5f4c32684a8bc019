using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using ToolBackend.Vapi.Definitions;

namespace ToolBackend.Vapi.Sync.State;

/// <summary>
/// The state as text: one line per hash, everything in order, so that two branches that changed different resources merge by themselves.
/// </summary>
public static class StateJson
{
    private const string Format = "toolbackend.state/1";

    private static readonly JsonSerializerOptions s_json = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write(SyncState state)
    {
        var root = new JsonObject { ["format"] = Format, ["environment"] = state.Environment, ["vapi"] = state.Vapi, ["salt"] = state.Salt };
        if (state.Organization is { } organization)
        {
            root["organization"] = organization;
        }

        root["resources"] = new JsonObject(state.Resources.Select(entry => KeyValuePair.Create(entry.Key.ToString(), (JsonNode?)Resource(entry.Value))));
        if (!state.Pending.IsEmpty)
        {
            root["pending"] = new JsonObject(state.Pending.Select(entry => KeyValuePair.Create(entry.Key.ToString(), (JsonNode?)Step(entry.Value))));
        }

        return root.ToJsonString(s_json) + "\n";
    }

    /// <exception cref="StateException">It is no state, or of a newer version.</exception>
    public static SyncState Parse(string text, string place)
    {
        JsonNode? root;
        try
        {
            root = JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false });
        }
        catch (JsonException error)
        {
            // Merge conflicts are the usual reason; the parser's own text would quote the file.
            throw new StateException($"{place} is no JSON ({SavedHead.Where(error)}). After a merge, keep the lines of both sides.", error);
        }

        if (root.TextAt("format") != Format)
        {
            throw new StateException($"{place} is no state of the form {Format}; a newer version of this tool may have written it.");
        }

        if (root.TextAt("environment") is not { } environment || root.TextAt("vapi") is not { } vapi || root.TextAt("salt") is not { Length: 32 } salt || !salt.All(char.IsAsciiHexDigitLower))
        {
            throw new StateException($"{place} does not say which environment it is of, or has no salt.");
        }

        return new SyncState(environment, vapi, salt)
        {
            Organization = root.TextAt("organization"),
            Resources = Entries(root, "resources", place, body => new ResourceState(body.TextAt("id") ?? throw Broken(place, "a resource has no id"))
            {
                Files = Texts(body, "files", place),
                Vapi = body.ContainsKey("atVapi") ? Texts(body, "atVapi", place) : null,
                Secrets = Texts(body, "secrets", place),
                Former = Set(body, "former"),
            }),
            Pending = Entries(root, "pending", place, body => new PendingStep(body.FlagAt("creates") ?? throw Broken(place, "a pending step does not say what it is"))
            {
                Name = body.TextAt("name"),
                Files = Texts(body, "files", place),
                Secrets = Texts(body, "secrets", place),
                Before = Set(body, "before"),
            }),
        };
    }

    private static JsonObject Resource(ResourceState resource)
    {
        var body = new JsonObject { ["id"] = resource.Id };
        Add(body, "former", resource.Former);
        Add(body, "files", resource.Files);
        if (resource.Vapi is { } vapi)
        {
            body["atVapi"] = Texts(vapi);
        }

        Add(body, "secrets", resource.Secrets);
        return body;
    }

    private static JsonObject Step(PendingStep step)
    {
        var body = new JsonObject { ["creates"] = step.Creates };
        if (step.Name is { } name)
        {
            body["name"] = name;
        }

        Add(body, "before", step.Before);
        Add(body, "files", step.Files);
        Add(body, "secrets", step.Secrets);
        return body;
    }

    private static void Add(JsonObject body, string name, ImmutableSortedDictionary<string, string> texts)
    {
        if (!texts.IsEmpty)
        {
            body[name] = Texts(texts);
        }
    }

    private static void Add(JsonObject body, string name, ImmutableSortedSet<string> texts)
    {
        if (!texts.IsEmpty)
        {
            body[name] = new JsonArray([.. texts.Select(text => JsonValue.Create(text))]);
        }
    }

    private static JsonObject Texts(ImmutableSortedDictionary<string, string> texts) => new(texts.Select(entry => KeyValuePair.Create(entry.Key, (JsonNode?)JsonValue.Create(entry.Value))));

    private static ImmutableSortedDictionary<ResourceKey, T> Entries<T>(JsonNode? root, string name, string place, Func<JsonObject, T> read)
    {
        var entries = ImmutableSortedDictionary.CreateBuilder<ResourceKey, T>(ResourceKey.Order);
        foreach (var (text, value) in root.ObjectAt(name) ?? [])
        {
            entries[ResourceKey.TryParse(text, out var key) ? key : throw Broken(place, $"{text} is no resource")] = read(value as JsonObject ?? throw Broken(place, $"{text} is no object"));
        }

        return entries.ToImmutable();
    }

    private static ImmutableSortedDictionary<string, string> Texts(JsonObject body, string name, string place) =>
        (body.ObjectAt(name) ?? []).ToImmutableSortedDictionary(entry => entry.Key, entry => entry.Value.AsText() ?? throw Broken(place, $"{name}.{entry.Key} is no text"), StringComparer.Ordinal);

    private static ImmutableSortedSet<string> Set(JsonObject body, string name) => body.TextsAt(name).Select(entry => entry.Text).ToImmutableSortedSet(StringComparer.Ordinal);

    private static StateException Broken(string place, string why) => new($"{place} cannot be used: {why}.");
}
