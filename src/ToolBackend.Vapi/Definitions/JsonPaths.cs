using System.Globalization;
using System.Text.Json.Nodes;

namespace ToolBackend.Vapi.Definitions;

/// <summary>Paths into a body as messages show them: <c>model.toolIds[2]</c>, <c>assistantOverrides["tools:append"]</c>. The body itself is the empty path.</summary>
public static class JsonPaths
{
    public static string Member(string parent, string name) =>
        name.Length == 0 || name.AsSpan().ContainsAny('.', '[', ']') || name.Contains(':', StringComparison.Ordinal) || name.Contains('"', StringComparison.Ordinal)
            ? $"{parent}[\"{name.Replace("\"", "\\\"", StringComparison.Ordinal)}\"]"
            : parent.Length == 0 ? name : $"{parent}.{name}";

    public static string Item(string parent, int index) => string.Create(CultureInfo.InvariantCulture, $"{parent}[{index}]");

    /// <summary>The path one level up; empty for a top-level member.</summary>
    public static string Parent(string path)
    {
        // A quoted name may itself hold dots and brackets.
        if (path.EndsWith("\"]", StringComparison.Ordinal) && path.LastIndexOf("[\"", StringComparison.Ordinal) is >= 0 and var quoted)
        {
            return path[..quoted];
        }
        return path[..Math.Max(0, Math.Max(path.LastIndexOf('['), path.LastIndexOf('.')))];
    }

    /// <summary>Every node below and including <paramref name="root"/> with its path, parents first.</summary>
    public static IEnumerable<(string Path, JsonNode? Node)> Walk(JsonNode? root, string path = "")
    {
        yield return (path, root);
        var children = root switch
        {
            JsonObject members => members.Select(m => (Member(path, m.Key), m.Value)),
            JsonArray items => items.Select((item, index) => (Item(path, index), item)),
            _ => [],
        };
        foreach (var (childPath, child) in children)
        {
            foreach (var below in Walk(child, childPath))
            {
                yield return below;
            }
        }
    }
}
