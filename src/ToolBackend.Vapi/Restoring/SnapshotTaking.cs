using ToolBackend.Vapi.Definitions;
using ToolBackend.Vapi.Sync;
using ToolBackend.Vapi.Sync.State;
using ToolBackend.Vapi.Sync.World;

namespace ToolBackend.Vapi.Restoring;

/// <summary>Takes a snapshot of what is ours and of what the next apply may touch without its being ours yet: the addresses of numbers that the files route.</summary>
public static class SnapshotTaking
{
    public static Snapshot Of(DefinitionSet definitions, SyncState state, RemoteWorld world, DateTimeOffset now)
    {
        var snapshot = Snapshot.Of(state, world, now);
        var added = definitions.Of(ResourceKind.PhoneNumber).Where(number => number.Routing is not null)
            .Select(number => (Key: new ResourceKey(SyncKind.NumberRouting, number.Name), Number: number.Body.TextAt("number")))
            .Where(number => snapshot.Resources.All(resource => resource.Key != number.Key))
            .Select(number => (number.Key, Remote: world.Of(SyncKind.NumberRouting).FirstOrDefault(routed => routed.Name == number.Number)))
            .Where(number => number.Remote is not null)
            .Select(number => new SnapshotResource(number.Key, number.Remote!.Id, (System.Text.Json.Nodes.JsonObject)number.Remote.Body.DeepClone()));
        return snapshot with { Resources = [.. snapshot.Resources.Concat(added).OrderBy(resource => resource.Key, ResourceKey.Order)] };
    }
}
