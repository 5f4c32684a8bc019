using System.Globalization;
using System.Text.Json.Nodes;
using ToolBackend.LocalStack.Simulators.Vapi.Calls;

namespace ToolBackend.LocalStack.Simulators.Vapi.Resources;

/// <summary>The configuration objects of the simulated organisation.</summary>
public sealed class SimulatedResources(TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Dictionary<string, Stored>> _all = ResourceKind.All.ToDictionary(kind => kind.Path, _ => new Dictionary<string, Stored>(StringComparer.Ordinal), StringComparer.Ordinal);
    private long _made;

    /// <summary>All objects of a resource as GET tells them, newest first.</summary>
    /// <param name="path">Such as <c>assistant</c> or <c>phone-number</c>.</param>
    public IReadOnlyList<JsonObject> All(string path)
    {
        lock (_gate)
        {
            return [.. Newest_NeedsLock(path).Select(stored => ResourceShaping.View(ResourceKind.Of(path), stored.Body))];
        }
    }

    /// <summary>One object as GET tells it, or null.</summary>
    public JsonObject? Find(string path, string id)
    {
        lock (_gate)
        {
            return _all[path].TryGetValue(id, out var stored) ? ResourceShaping.View(ResourceKind.Of(path), stored.Body) : null;
        }
    }

    /// <summary>Puts an object there unchecked, as an old one may be. Returns its id.</summary>
    public string Add(string path, JsonObject body)
    {
        lock (_gate)
        {
            return Create_NeedsLock(ResourceKind.Of(path), body.DeepClone().AsObject(), CallIds.Org);
        }
    }

    /// <summary>Puts one of Vapi's own default tools there: its <c>orgId</c> is null and it cannot be changed.</summary>
    public string AddPlatformDefault(string path, JsonObject body)
    {
        lock (_gate)
        {
            return Create_NeedsLock(ResourceKind.Of(path), body.DeepClone().AsObject(), orgId: null);
        }
    }

    /// <summary>Changes an object as somebody at the dashboard would; nothing is checked.</summary>
    public void Edit(string path, string id, Action<JsonObject> change)
    {
        lock (_gate)
        {
            var stored = _all[path][id];
            change(stored.Body);
            stored.Version++;
            Touch_NeedsLock(ResourceKind.Of(path), stored);
            StructuredOutputLinks.FollowAssistants(Bodies_NeedsLock("assistant"), Bodies_NeedsLock("structured-output"));
        }
    }

    /// <summary>Deletes an object as somebody at the dashboard would.</summary>
    public bool Remove(string path, string id)
    {
        lock (_gate)
        {
            return Delete_NeedsLock(path, id);
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            foreach (var stored in _all.Values)
            {
                stored.Clear();
            }
        }
    }

    internal JsonObject Create(ResourceKind kind, JsonObject body)
    {
        lock (_gate)
        {
            ResourceShaping.AddDefaults(kind, body);
            var id = Create_NeedsLock(kind, body, CallIds.Org);
            Link_NeedsLock(kind, id);
            return ResourceShaping.View(kind, _all[kind.Path][id].Body);
        }
    }

    /// <summary>Replaces each member that the body has, as a whole; null stays as null. Null: no such object of this organisation.</summary>
    internal JsonObject? Patch(ResourceKind kind, string id, JsonObject body)
    {
        lock (_gate)
        {
            if (!_all[kind.Path].TryGetValue(id, out var stored) || stored.IsForeign)
            {
                return null;
            }

            var before = stored.Body.DeepClone();
            foreach (var (name, value) in body)
            {
                stored.Body[name] = value?.DeepClone();
            }

            ResourceShaping.AddDefaults(kind, stored.Body);
            if (!JsonNode.DeepEquals(before, stored.Body) && kind.IsVersioned)
            {
                stored.Version++;
            }

            Touch_NeedsLock(kind, stored);
            Link_NeedsLock(kind, id);
            return ResourceShaping.View(kind, stored.Body);
        }
    }

    internal bool Delete(ResourceKind kind, string id)
    {
        lock (_gate)
        {
            return _all[kind.Path].TryGetValue(id, out var stored) && !stored.IsForeign && Delete_NeedsLock(kind.Path, id);
        }
    }

    internal IReadOnlyList<JsonObject> List(ResourceKind kind, ListQuery query, bool isPaged, out int total)
    {
        lock (_gate)
        {
            var found = Newest_NeedsLock(kind.Path)
                .Where(stored => query.InRange(stored.CreatedAt, stored.UpdatedAt) && Matches(stored.Body, query.Filters))
                .ToArray();
            total = found.Length;
            var ordered = query.Ascending ? found.Reverse() : found;
            var page = isPaged ? ordered.Skip((query.Page - 1) * query.Limit) : ordered;
            return [.. page.Take(query.Limit).Select(stored => ResourceShaping.View(kind, stored.Body))];
        }
    }

    /// <summary>Who holds on to a version of an object, in words; null when nobody does.</summary>
    internal string? PinnedBy(ResourceKind kind, string id)
    {
        lock (_gate)
        {
            return kind.Path switch
            {
                "assistant" => Bodies_NeedsLock("squad").Where(squad => Pins(squad.Value["members"], "assistantId", id, "assistantVersion")).Select(squad => "squad " + squad.Key).FirstOrDefault(),
                "tool" => Bodies_NeedsLock("assistant").Where(assistant => Pins(assistant.Value["model"]?["toolRefs"], "toolId", id, "version")).Select(assistant => "assistant " + assistant.Key).FirstOrDefault(),
                _ => null,
            };
        }
    }

    private static bool Pins(JsonNode? references, string idMember, string id, string versionMember) =>
        references is JsonArray list && list.OfType<JsonObject>().Any(reference => ResourceShaping.Text(reference, idMember) == id && ResourceShaping.Text(reference, versionMember) is not null);

    private static bool Matches(JsonObject body, Dictionary<string, string> filters) => filters.All(filter => filter.Key switch
    {
        "idAny" => filter.Value.Split(',').Contains(ResourceShaping.Text(body, "id"), StringComparer.Ordinal),
        _ => ResourceShaping.Text(body, filter.Key) == filter.Value,
    });

    private string Create_NeedsLock(ResourceKind kind, JsonObject body, string? orgId)
    {
        var number = ++_made;
        var id = CallIds.Uuid(string.Create(CultureInfo.InvariantCulture, $"{kind.Path} {number}"));
        var now = Now();
        body["id"] = id;
        body["orgId"] = orgId;
        var stored = new Stored(body, number, now) { UpdatedAt = now, IsForeign = orgId is null };
        if (kind.Path == "phone-number")
        {
            body["status"] = "active";
        }

        _all[kind.Path][id] = stored;
        Touch_NeedsLock(kind, stored);
        return id;
    }

    private void Touch_NeedsLock(ResourceKind kind, Stored stored)
    {
        stored.UpdatedAt = Now();
        stored.Body["createdAt"] = Times.Iso(stored.CreatedAt);
        stored.Body["updatedAt"] = Times.Iso(stored.UpdatedAt);
        if (kind.IsVersioned)
        {
            stored.Body["latestVersion"] = string.Create(CultureInfo.InvariantCulture, $"v{stored.Version}");
        }
    }

    private void Link_NeedsLock(ResourceKind kind, string id)
    {
        if (kind.Path == "structured-output")
        {
            StructuredOutputLinks.FollowOutput(id, Bodies_NeedsLock("structured-output")[id], Bodies_NeedsLock("assistant"));
        }

        if (kind.Path is "structured-output" or "assistant")
        {
            StructuredOutputLinks.FollowAssistants(Bodies_NeedsLock("assistant"), Bodies_NeedsLock("structured-output"));
        }
    }

    private bool Delete_NeedsLock(string path, string id)
    {
        if (!_all[path].Remove(id))
        {
            return false;
        }

        StructuredOutputLinks.Forget(path, id, Bodies_NeedsLock("assistant"), Bodies_NeedsLock("structured-output"));
        return true;
    }

    private IEnumerable<Stored> Newest_NeedsLock(string path) => _all[path].Values.OrderByDescending(stored => stored.CreatedAt).ThenByDescending(stored => stored.Number);

    private Dictionary<string, JsonObject> Bodies_NeedsLock(string path) => _all[path].ToDictionary(stored => stored.Key, stored => stored.Value.Body, StringComparer.Ordinal);

    private DateTimeOffset Now() => DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());

    private sealed class Stored(JsonObject body, long number, DateTimeOffset createdAt)
    {
        public JsonObject Body => body;

        /// <summary>In the order of creation: many may be made in one millisecond.</summary>
        public long Number => number;

        public DateTimeOffset CreatedAt => createdAt;

        public DateTimeOffset UpdatedAt { get; set; }

        public int Version { get; set; } = 1;

        /// <summary>One of Vapi's own.</summary>
        public bool IsForeign { get; init; }
    }
}
