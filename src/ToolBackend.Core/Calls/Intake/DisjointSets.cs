namespace ToolBackend.Core.Calls.Intake;

/// <summary>Names that mean the same thing, joined pair by pair.</summary>
internal sealed class DisjointSets
{
    private readonly Dictionary<string, string> _parents = new(StringComparer.Ordinal);

    /// <summary>The name that stands for all that were joined with this one.</summary>
    public string Find(string name)
    {
        while (_parents.TryGetValue(name, out var parent) && parent != name)
        {
            name = parent;
        }

        return name;
    }

    public void Join(string one, string other)
    {
        var (a, b) = (Find(one), Find(other));
        _parents.TryAdd(a, a);
        if (a != b)
        {
            // The smaller name stands for both: the same sets whatever the order of joining.
            var (root, leaf) = string.CompareOrdinal(a, b) < 0 ? (a, b) : (b, a);
            _parents[leaf] = root;
            _parents.TryAdd(root, root);
        }
    }
}
