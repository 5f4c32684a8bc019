using System.Text.Json.Nodes;

namespace ToolBackend.Vapi.Definitions.Schemas;

/// <summary>Tells the branches of a union apart. Vapi's unions mostly have no discriminator, but their objects name themselves with one of a few members.</summary>
internal static class Branches
{
    private static readonly string[] s_tags = ["provider", "type", "on", "mode", "role"];

    /// <summary>Branches that the value can be meant as: of its type, and whose tags do not contradict it.</summary>
    public static List<JsonSchema> Candidates(JsonSchema union, JsonNode? value)
    {
        var type = JsonTypesOf.Node(value);
        var ofType = union.OneOf.Where(branch => (branch.Types & type) == type).ToList();
        return value is JsonObject members ? [.. ofType.Where(branch => !s_tags.Any(tag => Contradicts(branch, tag, members)))] : ofType;
    }

    /// <summary>The member that tells this union's objects apart, and the values it may have; null when there is none.</summary>
    public static (string Tag, IReadOnlyList<string> Values)? TagOf(JsonSchema union)
    {
        var objects = union.OneOf.Where(branch => branch.Types == JsonTypes.Object).ToList();
        foreach (var tag in s_tags)
        {
            if (objects.Count > 0 && objects.TrueForAll(branch => branch.Members.GetValueOrDefault(tag) is { } member && (member.Schema.Enum is not null || member.Schema.Pattern is not null)))
            {
                return (tag, [.. objects.SelectMany(branch => branch.Members[tag].Schema.Enum ?? []).Distinct(StringComparer.Ordinal)]);
            }
        }
        return null;
    }

    private static bool Contradicts(JsonSchema branch, string tag, JsonObject value) =>
        branch.Members.TryGetValue(tag, out var member)
        && value[tag] is JsonValue given && given.TryGetValue(out string? text)
        && ((member.Schema.Enum is { } allowed && !allowed.Contains(text)) || (member.Schema.Pattern is { } pattern && !pattern.IsMatch(text)));
}
