namespace ToolBackend.Vapi.Sync.World;

/// <summary>Reads the whole world: one list per kind, side by side as far as the client's limits allow. Nothing but lists is asked for.</summary>
public static class RemoteReader
{
    /// <param name="onRead">Told of each kind that has come, for people who wait.</param>
    public static async Task<RemoteWorld> ReadAsync(IRemoteResources remote, Action<SyncKind>? onRead, CancellationToken cancellation)
    {
        var kinds = SyncKinds.All.Where(remote.Reaches).ToList();
        var lists = await Task.WhenAll(kinds.Select(ReadOneAsync));
        return new RemoteWorld(lists.SelectMany(list => list), kinds);

        async Task<IReadOnlyList<RemoteResource>> ReadOneAsync(SyncKind kind)
        {
            var list = await remote.ListAsync(kind, cancellation);
            onRead?.Invoke(kind);
            return list;
        }
    }
}
