using ToolBackend.Vapi.Definitions;
using ToolBackend.Vapi.Sync.State;
using ToolBackend.Vapi.Sync.World;

namespace ToolBackend.Vapi.Sync.Comparison;

/// <summary>Which id is which definition: from the state, and for credentials that are only read, from their names at Vapi.</summary>
public sealed class IdNames
{
    private readonly Dictionary<(ResourceKind, string), string> _names = [];
    private readonly Dictionary<(ResourceKind, string), string> _ids = [];

    public static IdNames Of(SyncState state)
    {
        var names = new IdNames();
        foreach (var (key, resource) in state.Resources.Where(entry => entry.Key.Kind != SyncKind.NumberRouting))
        {
            foreach (var former in resource.Former)
            {
                names._names[(key.Kind.Resource(), former)] = key.Name;
            }

            names.Add(key, resource.Id);
        }

        return names;
    }

    public void Add(ResourceKey key, string id)
    {
        _names[(key.Kind.Resource(), id)] = key.Name;
        _ids[(key.Kind.Resource(), key.Name)] = id;
    }

    /// <summary>The resource is made anew: until it is, nothing can refer to it.</summary>
    public void Forget(ResourceKey key) => _ids.Remove((key.Kind.Resource(), key.Name));

    /// <summary>The definition's name; null for an object that is not ours.</summary>
    public string? NameOf(ResourceKind kind, string id) => _names.GetValueOrDefault((kind, id));

    /// <summary>Null while the resource does not exist.</summary>
    public string? IdOf(ResourceKind kind, string name) => _ids.GetValueOrDefault((kind, name));

    /// <summary>Adds the credentials of these names that Vapi has, those of the state first. A name that two have stands for neither.</summary>
    public void AddCredentials(IEnumerable<ResourceDefinition> definitions, RemoteWorld world)
    {
        foreach (var definition in definitions.Where(credential => IdOf(ResourceKind.Credential, credential.Name) is null))
        {
            if (world.Of(SyncKind.Credential).Where(credential => credential.Name == definition.VapiName).ToList() is [var only])
            {
                Add(new ResourceKey(SyncKind.Credential, definition.Name), only.Id);
            }
        }
    }
}
