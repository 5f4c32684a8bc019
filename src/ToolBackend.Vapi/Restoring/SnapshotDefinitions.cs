using System.Text.Json;
using System.Text.Json.Nodes;
using ToolBackend.Vapi.Definitions;
using ToolBackend.Vapi.Sync;
using ToolBackend.Vapi.Sync.Comparison;
using ToolBackend.Vapi.Sync.State;
using ToolBackend.Vapi.Sync.World;

namespace ToolBackend.Vapi.Restoring;

/// <summary>
/// A snapshot read as if it were the files: what the planner makes of it is the way back. Secrets are not in a snapshot: they are taken from the files, which name them,
/// or stay what they are at Vapi now.
/// </summary>
internal static class SnapshotDefinitions
{
    public static DefinitionSet Of(Snapshot snapshot, DefinitionSet files, SyncState state, RemoteWorld world)
    {
        var names = IdNames.Of(state);
        names.AddCredentials(files.Of(ResourceKind.Credential), world);
        foreach (var resource in snapshot.Resources.Where(resource => resource.Key.Kind != SyncKind.NumberRouting))
        {
            names.Add(resource.Key, resource.Id);
        }

        var resources = new List<ResourceDefinition>();
        foreach (var taken in snapshot.Resources.Where(resource => resource.Key.Kind != SyncKind.NumberRouting))
        {
            var kind = taken.Key.Kind.Resource();
            var file = files.Find(kind, taken.Key.Name);
            var body = (JsonObject)taken.Body.DeepClone();
            if (file is not null)
            {
                AddNamedSecrets(body, file.Body);
            }

            body = ReferenceTable.ReplaceIds(Normaliser.WithoutServerMade(taken.Key.Kind, body), names.NameOf);
            if (state.Resources.TryGetValue(taken.Key, out var known) && world.Find(taken.Key.Kind, known.Id) is { } live)
            {
                var now = ReferenceTable.ReplaceIds(live.Body, names.NameOf);
                var shown = (JsonObject)now.DeepClone();
                SecretFields.Remove(shown);
                AddLiveSecrets(body, now, shown);
                RemoveForeign(body, now, name => known.Files.ContainsKey(name) || file?.Body.ContainsKey(name) == true);
            }

            resources.Add(new ResourceDefinition(kind, taken.Key.Name, body, Fallback: null, file?.Source ?? SourceMap.Nowhere(new SourceLocation(snapshot.FileName, 1, 1)))
            {
                Routing = RoutingOf(snapshot, taken.Key.Name, kind),
            });
        }

        // Credentials that are not ours are only looked up, by the files' names for them.
        resources.AddRange(files.Of(ResourceKind.Credential).Where(credential => !state.Resources.ContainsKey(new ResourceKey(SyncKind.Credential, credential.Name))
            && resources.All(resource => (resource.Kind, resource.Name) != (credential.Kind, credential.Name))));
        return new DefinitionSet(files.Environment, resources);
    }

    /// <summary>The addresses that a snapshot has for a number; null when it has none.</summary>
    private static NumberRouting? RoutingOf(Snapshot snapshot, string name, ResourceKind kind) =>
        kind is ResourceKind.PhoneNumber && snapshot.Resources.FirstOrDefault(resource => resource.Key == new ResourceKey(SyncKind.NumberRouting, name)) is { } routing
            ? new NumberRouting(routing.Body.TextAt("voiceUrl"), routing.Body.TextAt("voiceFallbackUrl"), routing.Body.TextAt("statusCallback"))
            : null;

    // Fields that were never ours and did not change stay nobody's: otherwise the next apply would clear what no file mentions.
    private static void RemoveForeign(JsonObject body, JsonObject now, Func<string, bool> isOurs)
    {
        foreach (var (name, _) in body.Where(field => !isOurs(field.Key) && CanonicalJson.AreEqual(field.Value, now[field.Key])).ToList())
        {
            body.Remove(name);
        }
    }

    // Texts of the file that name a secret, where the snapshot has what is around them.
    private static void AddNamedSecrets(JsonNode? body, JsonNode? file)
    {
        switch (body, file)
        {
            case (JsonObject members, JsonObject written):
                foreach (var (name, value) in written)
                {
                    if (value.AsText() is { } text && Secrets.IsIn(text))
                    {
                        members.TryAdd(name, value!.DeepClone());
                    }
                    else
                    {
                        AddNamedSecrets(members[name], value);
                    }
                }

                break;
            case (JsonArray items, JsonArray written) when items.Count == written.Count:
                foreach (var (item, other) in items.Zip(written))
                {
                    AddNamedSecrets(item, other);
                }

                break;
        }
    }

    /// <param name="live">What Vapi has now.</param>
    /// <param name="shown">The same without secrets.</param>
    private static void AddLiveSecrets(JsonNode? body, JsonNode? live, JsonNode? shown)
    {
        switch (body, live, shown)
        {
            case (JsonObject members, JsonObject all, JsonObject some):
                foreach (var (name, value) in all)
                {
                    if (!some.ContainsKey(name) && value?.GetValueKind() is JsonValueKind.String)
                    {
                        members.TryAdd(name, value.DeepClone());
                    }
                    else
                    {
                        AddLiveSecrets(members[name], value, some[name]);
                    }
                }

                break;
            case (JsonArray items, JsonArray all, JsonArray some) when items.Count == all.Count && all.Count == some.Count:
                for (var i = 0; i < items.Count; i++)
                {
                    AddLiveSecrets(items[i], all[i], some[i]);
                }

                break;
        }
    }
}
