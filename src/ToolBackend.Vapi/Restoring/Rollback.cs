using System.Text.Json.Nodes;
using ToolBackend.Vapi.Definitions;
using ToolBackend.Vapi.Sync;
using ToolBackend.Vapi.Sync.Planning;
using ToolBackend.Vapi.Sync.State;
using ToolBackend.Vapi.Sync.World;
using ToolBackend.Vapi.Webhooks;

namespace ToolBackend.Vapi.Restoring;

/// <summary>A number whose addresses go back to what a snapshot says although no phone number of ours carries them any more.</summary>
/// <param name="Id">Twilio's SID.</param>
/// <param name="Addresses">What is sent: null clears an address.</param>
public sealed record AddressRestore(ResourceKey Key, string Id, JsonObject Addresses, JsonObject Now);

/// <summary>The way back to a snapshot: a plan like any other, and addresses at Twilio that no plan reaches.</summary>
public sealed record Rollback(SyncPlan Plan, IReadOnlyList<AddressRestore> Addresses)
{
    private static readonly string[] s_addresses = ["voiceUrl", "voiceFallbackUrl", "statusCallback"];

    public bool IsEmpty => !Plan.HasWrites && Addresses.Count == 0;

    /// <summary>Pure. Whatever was changed since gives way, at Vapi too; what was made since is deleted only with <see cref="PlanOptions.AllowDelete"/>.</summary>
    /// <param name="files">The definitions of now: they name the secrets.</param>
    /// <exception cref="StateException">The snapshot is of another environment or organisation.</exception>
    public static Rollback To(Snapshot snapshot, DefinitionSet files, SyncState state, RemoteWorld world, PlanOptions options, Func<string, string?> readEnvironmentVariable)
    {
        // A simulator comes up at another port each time.
        var isSameApi = snapshot.Vapi == state.Vapi || (LoopbackAddress.Is(snapshot.Vapi) && LoopbackAddress.Is(state.Vapi));
        if (snapshot.Environment != state.Environment || !isSameApi)
        {
            throw new StateException($"The snapshot is of {snapshot.Environment} at {snapshot.Vapi}, not of {state.Environment} at {state.Vapi}.");
        }

        var plan = Planner.Plan(SnapshotDefinitions.Of(snapshot, files, state, world), state, world, options with { Force = true }, readEnvironmentVariable);
        return new Rollback(plan, [.. snapshot.Resources.Where(resource => resource.Key.Kind == SyncKind.NumberRouting && IsMeant(resource.Key, options)).Select(resource => Restore(resource, plan, world)).OfType<AddressRestore>()]);
    }

    /// <summary>Sends the addresses; after the plan, since saving or deleting a number at Vapi moves them.</summary>
    public async Task RestoreAddressesAsync(IRemoteResources remote, Action<AddressRestore> onDone, CancellationToken cancellation)
    {
        foreach (var restore in Addresses)
        {
            await remote.PatchAsync(SyncKind.NumberRouting, restore.Id, (JsonObject)restore.Addresses.DeepClone(), cancellation);
            onDone(restore);
        }
    }

    private static AddressRestore? Restore(SnapshotResource taken, SyncPlan plan, RemoteWorld world)
    {
        if (world.Find(SyncKind.NumberRouting, taken.Id) is not { } now || plan.Resources.FirstOrDefault(resource => resource.Key == taken.Key) is { Wanted: not null })
        {
            return null;
        }

        var addresses = new JsonObject();
        foreach (var name in s_addresses.Where(name => taken.Body.TextAt(name) != now.Body.TextAt(name) && IsOurs(taken.Body.TextAt(name))))
        {
            addresses[name] = taken.Body.TextAt(name);
        }

        return addresses.Count == 0 ? null : new AddressRestore(taken.Key, taken.Id, addresses, now.Body);
    }

    // One that was called by GET cannot be set here.
    private static bool IsOurs(string? address) => address?.StartsWith("GET ", StringComparison.Ordinal) != true;

    private static bool IsMeant(ResourceKey key, PlanOptions options) =>
        options.Targets.Count == 0 || options.Targets.Contains(key) || options.Targets.Contains(new ResourceKey(SyncKind.PhoneNumber, key.Name));
}
