using System.Text.Json.Nodes;
using ToolBackend.Vapi.Definitions;

namespace ToolBackend.Vapi.Sync.Comparison;

/// <summary>One place in which two values differ.</summary>
/// <param name="Path">From the top of the resource, such as <c>model.messages[0].content</c>.</param>
/// <param name="Before">Null: it was not there.</param>
/// <param name="After">Null: it goes.</param>
public sealed record Difference(string Path, JsonNode? Before, JsonNode? After);

/// <summary>Takes the difference of two fields apart, as far as it helps a reader.</summary>
public static class Differences
{
    public static IReadOnlyList<Difference> Of(string field, JsonNode? before, JsonNode? after)
    {
        var found = new List<Difference>();
        Visit("", field, JsonPaths.Member("", field), before, after, found);
        return found;
    }

    private static void Visit(string parent, string name, string path, JsonNode? before, JsonNode? after, List<Difference> found)
    {
        if (after is null ? before is null : Sameness.OfValue(parent, name, after, before))
        {
            return;
        }

        switch (before, after)
        {
            case (JsonObject from, JsonObject to):
                foreach (var member in to.Select(entry => entry.Key).Concat(from.Select(entry => entry.Key)).Distinct(StringComparer.Ordinal))
                {
                    if (to.ContainsKey(member) || !Sameness.IsDefault(name, member, from[member]))
                    {
                        Visit(name, member, JsonPaths.Member(path, member), from[member], to[member], found);
                    }
                }

                break;
            case (JsonArray from, JsonArray to) when from.Concat(to).All(item => item is JsonObject):
                for (var i = 0; i < Math.Max(from.Count, to.Count); i++)
                {
                    Visit(parent, name, JsonPaths.Item(path, i), i < from.Count ? from[i] : null, i < to.Count ? to[i] : null, found);
                }

                break;
            default:
                found.Add(new Difference(path, before, after));
                break;
        }
    }
}
