using System.Collections.Immutable;
using System.Security.Cryptography;

namespace ToolBackend.Vapi.Sync.State;

/// <summary>
/// What this environment's files became at Vapi: which object is whose, and what was last applied, as salted hashes. It holds no body, no secret and nothing that
/// changes by itself. The planner compares it with the files and with Vapi (three-way).
/// </summary>
/// <param name="Environment">Name of the environment.</param>
/// <param name="Vapi">Base address of the API that the ids belong to.</param>
/// <param name="Salt">Hex; of all hashes in here. Made once.</param>
public sealed record SyncState(string Environment, string Vapi, string Salt)
{
    private static readonly ImmutableSortedDictionary<ResourceKey, ResourceState> s_noResources = ImmutableSortedDictionary.Create<ResourceKey, ResourceState>(ResourceKey.Order);
    private static readonly ImmutableSortedDictionary<ResourceKey, PendingStep> s_noSteps = ImmutableSortedDictionary.Create<ResourceKey, PendingStep>(ResourceKey.Order);

    /// <summary>Vapi's id of the organisation that the ids belong to. Null while nothing was created.</summary>
    public string? Organization { get; init; }

    /// <summary>All resources that are ours.</summary>
    public ImmutableSortedDictionary<ResourceKey, ResourceState> Resources { get; init; } = s_noResources;

    /// <summary>The journal: requests whose outcome is not known. Empty after an apply that came to its end.</summary>
    public ImmutableSortedDictionary<ResourceKey, PendingStep> Pending { get; init; } = s_noSteps;

    /// <summary>The state of an environment that was never applied.</summary>
    public static SyncState New(string environment, Uri vapi) =>
        new(environment, vapi.AbsoluteUri.TrimEnd('/'), Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)));

    public SyncState With(ResourceKey key, ResourceState resource) => this with { Resources = Resources.SetItem(key, resource), Pending = Pending.Remove(key) };

    /// <summary>Writes down a request that is about to be made.</summary>
    public SyncState Begin(ResourceKey key, PendingStep step) => this with { Pending = Pending.SetItem(key, step) };

    /// <summary>Without the resource and anything that was about to happen to it.</summary>
    public SyncState Without(ResourceKey key) => this with { Resources = Resources.Remove(key), Pending = Pending.Remove(key) };
}
