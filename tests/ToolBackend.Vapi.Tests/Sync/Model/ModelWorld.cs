using System.Globalization;
using System.Text.Json.Nodes;
using ToolBackend.Vapi.Definitions;
using ToolBackend.Vapi.Sync;
using ToolBackend.Vapi.Sync.State;
using ToolBackend.Vapi.Sync.World;

namespace ToolBackend.Vapi.Tests.Sync.Model;

/// <summary>Vapi's rules of objects in a few lines and without a wire: whole fields are replaced, nulls clear, defaults are added, names need not be unique.</summary>
internal sealed class ModelWorld : IRemoteResources
{
    private readonly SortedDictionary<string, (SyncKind Kind, JsonObject Body)> _all = new(StringComparer.Ordinal);
    private int _made;

    public IReadOnlyDictionary<string, (SyncKind Kind, JsonObject Body)> All => _all;

    public int Writes { get; private set; }

    public bool Reaches(SyncKind kind) => kind != SyncKind.NumberRouting;

    public RemoteWorld Read() => new(_all.Select(entry => RemoteResource.Of(entry.Value.Kind, (JsonObject)entry.Value.Body.DeepClone())!), SyncKinds.AtVapi);

    public string Add(SyncKind kind, JsonObject body)
    {
        // Ids in no order of creation.
        var id = new Guid(++_made * 7919 % 104729, 0, 0, [0, 0, 0, 0, 0, 0, 0, (byte)kind]).ToString();
        body["id"] = id;
        body["orgId"] = "org";
        body["createdAt"] = _made.ToString(CultureInfo.InvariantCulture);
        AddDefaults(kind, body);
        _all.Add(id, (kind, body));
        return id;
    }

    public void Edit(string id, Action<JsonObject> change) => change(_all[id].Body);

    public void Remove(string id) => _all.Remove(id);

    public Task<IReadOnlyList<RemoteResource>> ListAsync(SyncKind kind, CancellationToken cancellation) => Task.FromResult<IReadOnlyList<RemoteResource>>([.. Read().Of(kind)]);

    public Task<RemoteResource> CreateAsync(SyncKind kind, JsonObject body, Func<CancellationToken, Task<RemoteResource?>> findExisting, CancellationToken cancellation)
    {
        Writes++;
        return Task.FromResult(One(kind, Add(kind, (JsonObject)body.DeepClone())));
    }

    public Task<RemoteResource> PatchAsync(SyncKind kind, string id, JsonObject body, CancellationToken cancellation)
    {
        Writes++;
        var stored = _all[id].Body;
        foreach (var (name, value) in body)
        {
            stored[name] = value?.DeepClone();
        }

        AddDefaults(kind, stored);
        return Task.FromResult(One(kind, id));
    }

    public Task DeleteAsync(SyncKind kind, string id, CancellationToken cancellation)
    {
        Writes++;
        _all.Remove(id);
        return Task.CompletedTask;
    }

    private RemoteResource One(SyncKind kind, string id) => RemoteResource.Of(kind, (JsonObject)_all[id].Body.DeepClone())!;

    private static void AddDefaults(SyncKind kind, JsonObject body)
    {
        body["updatedAt"] = "now";
        switch (kind)
        {
            case SyncKind.Assistant:
                body.TryAdd("firstMessageInterruptionsEnabled", false);
                (body["voice"] as JsonObject)?.TryAdd("cachingEnabled", true);
                break;
            case SyncKind.Tool:
                (body["function"] as JsonObject)?.TryAdd("strict", false);
                break;
            case SyncKind.StructuredOutput:
                body.TryAdd("type", "ai");
                break;
        }
    }
}

/// <summary>A state that lives as long as the test.</summary>
internal sealed class ModelStore : IStateStore
{
    public string Place => "memory";

    public SyncState? State { get; private set; }

    public Task<SyncState?> ReadAsync(CancellationToken cancellation) => Task.FromResult(State);

    public Task<IAsyncDisposable> LockAsync(CancellationToken cancellation) => throw new NotSupportedException("A model has one user.");

    public Task WriteAsync(SyncState state, CancellationToken cancellation)
    {
        State = state;
        return Task.CompletedTask;
    }
}

/// <summary>Random files: few names and few values, so that everything meets everything.</summary>
internal sealed class ModelFiles(Random random)
{
    private static readonly string[] s_texts = ["a", "b", "c"];

    private readonly Dictionary<ResourceKey, JsonObject> _files = [];

    public IReadOnlyDictionary<ResourceKey, JsonObject> All => _files;

    public string Text() => s_texts[random.Next(s_texts.Length)];

    /// <summary>Writes, changes or removes a few files. References always resolve, as the validator would have it.</summary>
    public void Change()
    {
        for (var i = random.Next(1, 5); i > 0; i--)
        {
            var (kind, name) = (Kind(), $"n{random.Next(3)}");
            var key = new ResourceKey(kind, name);
            if (random.Next(4) == 0)
            {
                _files.Remove(key);
            }
            else
            {
                _files[key] = Body(kind, name);
            }
        }

        foreach (var body in _files.Values)
        {
            Resolve(body);
        }

        foreach (var squad in _files.Where(file => file.Key.Kind == SyncKind.Squad && file.Value["members"]!.AsArray().Count == 0).ToList())
        {
            _files.Remove(squad.Key);
        }
    }

    public DefinitionSet Definitions() => new(
        new EnvironmentSettings("dev"),
        [.. _files.OrderBy(file => file.Key, ResourceKey.Order).Select(file => new ResourceDefinition(
            file.Key.Kind.Resource(), file.Key.Name, (JsonObject)file.Value.DeepClone(), null, SourceMap.Nowhere(new SourceLocation("model", 1, 1))))]);

    public SyncKind Kind() => new[] { SyncKind.Tool, SyncKind.Tool, SyncKind.StructuredOutput, SyncKind.Assistant, SyncKind.Assistant, SyncKind.Squad }[random.Next(6)];

    private JsonObject Body(SyncKind kind, string name)
    {
        var body = kind switch
        {
            SyncKind.Tool when random.Next(3) == 0 => new JsonObject { ["type"] = "handoff", ["function"] = new JsonObject { ["name"] = name }, ["destinations"] = new JsonArray(new JsonObject { ["assistantId"] = Name() }) },
            SyncKind.Tool when random.Next(3) == 0 => new JsonObject { ["type"] = "endCall", ["messages"] = new JsonArray(new JsonObject { ["content"] = Text() }) },
            SyncKind.Tool => new JsonObject { ["type"] = "function", ["function"] = new JsonObject { ["name"] = name, ["description"] = Text() } },
            SyncKind.StructuredOutput => new JsonObject { ["name"] = name, ["schema"] = new JsonObject { ["type"] = Text() } },
            SyncKind.Assistant => new JsonObject { ["name"] = name, ["model"] = new JsonObject { ["content"] = Text(), ["toolIds"] = Names() }, ["artifactPlan"] = new JsonObject { ["structuredOutputIds"] = Names() } },
            _ => new JsonObject { ["name"] = name, ["members"] = new JsonArray(new JsonObject { ["assistantId"] = Name() }) },
        };
        foreach (var extra in new[] { "firstMessage", "server", "voice" }.Where(_ => kind == SyncKind.Assistant && random.Next(2) == 0))
        {
            body[extra] = extra == "firstMessage" ? Text() : new JsonObject { ["url"] = Text() };
        }

        return body;
    }

    private string Name() => $"n{random.Next(3)}";

    private JsonArray Names() => [.. Enumerable.Range(0, random.Next(3)).Select(_ => Name()).Distinct(StringComparer.Ordinal).Select(name => JsonValue.Create(name))];

    private void Resolve(JsonObject body)
    {
        var resolved = ReferenceTable.Replace(body, reference => _files.ContainsKey(new ResourceKey(SyncKinds.Of(reference.Kind), reference.Name)) ? reference.Name : null);
        body.Clear();
        foreach (var (name, value) in resolved.ToList())
        {
            resolved.Remove(name);
            body[name] = value;
        }

        if (body["members"] is JsonArray members)
        {
            foreach (var lost in members.Where(member => member!["assistantId"] is null).ToList())
            {
                members.Remove(lost);
            }
        }
    }
}
