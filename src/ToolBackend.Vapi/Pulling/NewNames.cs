using System.Text;
using ToolBackend.Vapi.Definitions;
using ToolBackend.Vapi.Sync;
using ToolBackend.Vapi.Sync.Planning;
using ToolBackend.Vapi.Sync.World;

namespace ToolBackend.Vapi.Pulling;

/// <summary>Finds what no file defines, and names a file for each.</summary>
internal sealed class NewNames
{
    private const int Longest = 64;

    private readonly HashSet<ResourceKey> _used;
    private readonly HashSet<(SyncKind, string)> _known;
    private readonly SyncPlan _plan;
    private readonly RemoteWorld _world;

    public NewNames(SyncPlan plan, RemoteWorld world)
    {
        (_plan, _world) = (plan, world);
        _used = [.. plan.Resources.Select(planned => planned.Key), .. plan.State.Resources.Keys];
        _known =
        [
            .. plan.Resources.Where(planned => planned.Wanted is not null).SelectMany(planned => planned.Candidates.Append(planned.Remote?.Id ?? "").Select(id => (planned.Key.Kind, id))),
            .. plan.State.Resources.SelectMany(entry => entry.Value.Former.Select(id => (entry.Key.Kind, id))),
        ];
    }

    public IReadOnlyList<(ResourceKey Key, RemoteResource Remote)> Find() =>
        [.. SyncKinds.AtVapi.SelectMany(_world.Of).Where(IsNew).OrderBy(remote => remote.Id, StringComparer.Ordinal).Select(remote => (KeyOf(remote), remote))];

    // Of credentials only those that sign what Vapi sends: the others are keys of vendors, which nobody refers to by name.
    private bool IsNew(RemoteResource remote) =>
        !remote.IsPlatformDefault && !_known.Contains((remote.Kind, remote.Id))
        && (remote.Kind != SyncKind.Credential || remote.Body.ContainsKey("authenticationPlan"));

    private ResourceKey KeyOf(RemoteResource remote)
    {
        // One that is ours by the state and whose file is gone gets its own name back.
        if (_plan.State.Resources.FirstOrDefault(entry => entry.Key.Kind == remote.Kind && entry.Value.Id == remote.Id) is { Value: not null } ours)
        {
            return ours.Key;
        }

        var name = FileName(remote.Name ?? remote.Body.TextAt("type") ?? remote.Body.TextAt("provider") ?? "");
        name = name.Length > 0 ? name : remote.Kind.Word();
        var key = new ResourceKey(remote.Kind, name);
        for (var number = 2; !_used.Add(key); number++)
        {
            key = new ResourceKey(remote.Kind, $"{name[..Math.Min(name.Length, Longest - 4)]}-{number}");
        }

        return key;
    }

    private static string FileName(string name)
    {
        var kept = new StringBuilder(name.Length);
        foreach (var letter in name.Trim())
        {
            if (char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-' or '.')
            {
                kept.Append(letter);
            }
            else if (kept.Length > 0 && kept[^1] != '-')
            {
                kept.Append('-');
            }
        }

        var text = kept.ToString().Trim('-', '.', '_');
        return text[..Math.Min(text.Length, Longest)];
    }
}
