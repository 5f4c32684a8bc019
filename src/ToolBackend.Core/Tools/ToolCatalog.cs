using System.Collections.Frozen;

namespace ToolBackend.Core.Tools;

/// <summary>Every tool there is, by name.</summary>
public sealed class ToolCatalog(IEnumerable<Tool> tools)
{
    private readonly FrozenDictionary<string, Tool> _byName = tools.ToFrozenDictionary(t => t.Name, StringComparer.Ordinal);

    public IEnumerable<Tool> All => _byName.Values.OrderBy(t => t.Name, StringComparer.Ordinal);

    public Tool? Find(string name) => _byName.GetValueOrDefault(name);
}
