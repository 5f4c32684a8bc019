namespace ToolBackend.Vapi.Sync.World;

/// <summary>All that was listed at Vapi and Twilio, at about one moment.</summary>
public sealed class RemoteWorld
{
    private readonly Dictionary<SyncKind, IReadOnlyList<RemoteResource>> _byKind;
    private readonly Dictionary<(SyncKind, string), RemoteResource> _byId;

    /// <param name="resources">Each id of a kind once.</param>
    /// <param name="kindsRead">The kinds that were listed; of all others nothing is known.</param>
    public RemoteWorld(IEnumerable<RemoteResource> resources, IEnumerable<SyncKind> kindsRead)
    {
        var all = resources.ToList();
        _byKind = kindsRead.ToDictionary(kind => kind, kind => (IReadOnlyList<RemoteResource>)[.. all.Where(resource => resource.Kind == kind)]);
        _byId = all.ToDictionary(resource => (resource.Kind, resource.Id));
    }

    public static RemoteWorld Empty { get; } = new([], SyncKinds.All);

    /// <summary>False when the kind was not listed, so that absence says nothing: Twilio's numbers without Twilio's key.</summary>
    public bool Knows(SyncKind kind) => _byKind.ContainsKey(kind);

    /// <summary>In the order in which they were listed; empty when the kind was not.</summary>
    public IReadOnlyList<RemoteResource> Of(SyncKind kind) => _byKind.GetValueOrDefault(kind) ?? [];

    public IEnumerable<RemoteResource> All => _byKind.Values.SelectMany(list => list);

    /// <summary>Null when there is none.</summary>
    public RemoteResource? Find(SyncKind kind, string id) => _byId.GetValueOrDefault((kind, id));

    /// <summary>The organisation that the key belongs to; null while it has nothing of its own.</summary>
    public string? Organization => All.Select(resource => resource.Organization).FirstOrDefault(organization => organization is not null);
}
