using System.Text.Json.Nodes;

namespace ToolBackend.Vapi.Sync.World;

/// <summary>Where resources are: Vapi and Twilio together, or a model of them.</summary>
public interface IRemoteResources
{
    /// <summary>Whether a kind can be read and written here; Twilio's numbers cannot without Twilio's key.</summary>
    bool Reaches(SyncKind kind);

    /// <summary>Everything of a kind, as it came.</summary>
    Task<IReadOnlyList<RemoteResource>> ListAsync(SyncKind kind, CancellationToken cancellation);

    /// <summary>Creates an object, and returns it as it is then.</summary>
    /// <param name="findExisting">Looks for what an earlier attempt may have made; asked before every further one.</param>
    Task<RemoteResource> CreateAsync(SyncKind kind, JsonObject body, Func<CancellationToken, Task<RemoteResource?>> findExisting, CancellationToken cancellation);

    /// <summary>Replaces top-level members, each as a whole; null clears one. Returns the object as it is then.</summary>
    Task<RemoteResource> PatchAsync(SyncKind kind, string id, JsonObject body, CancellationToken cancellation);

    /// <summary>Deletes an object; one that is not there is as good as deleted.</summary>
    Task DeleteAsync(SyncKind kind, string id, CancellationToken cancellation);
}
