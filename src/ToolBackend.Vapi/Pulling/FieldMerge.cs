using System.Text.Json.Nodes;
using ToolBackend.Vapi.Definitions;
using ToolBackend.Vapi.Sync.Comparison;

namespace ToolBackend.Vapi.Pulling;

/// <summary>Vapi's value of a field as a file should say it: what the file says already stays as it says it, and what Vapi adds by itself stays out.</summary>
internal static class FieldMerge
{
    /// <param name="name">The member's name.</param>
    /// <param name="ours">As the file has it, normalised; null when it has not.</param>
    /// <param name="theirs">As Vapi has it, normalised.</param>
    /// <param name="parent">Name of the member that it is in; empty at the top.</param>
    public static JsonNode? Of(string name, JsonNode? ours, JsonNode? theirs, string parent = "")
    {
        if (ours is not null && Sameness.OfField(name, ours, theirs))
        {
            return ours.DeepClone();
        }

        return (ours, theirs) switch
        {
            (JsonObject before, JsonObject now) => Members(name, before, now),
            (JsonArray before, JsonArray now) => new JsonArray([.. now.Select((item, index) => index < before.Count ? Of(name, before[index], item, parent) : Clean(name, item))]),
            _ => Clean(name, theirs),
        };
    }

    /// <summary>A copy without what says nothing: null members, and values that Vapi adds by itself.</summary>
    public static JsonNode? Clean(string name, JsonNode? value) => value switch
    {
        JsonObject members => new JsonObject(members.Where(member => !SaysNothing(name, member.Key, member.Value))
            .Select(member => KeyValuePair.Create(member.Key, Clean(member.Key, member.Value)))),
        JsonArray items => new JsonArray([.. items.Select(item => Clean(name, item))]),
        _ => value?.DeepClone(),
    };

    private static JsonObject Members(string name, JsonObject before, JsonObject now)
    {
        var merged = new JsonObject();
        foreach (var (member, value) in before)
        {
            // A secret that only the file names is there, though Vapi does not show it.
            if (value is not null && Sameness.OfField(member, value, now[member]))
            {
                merged[member] = value.DeepClone();
            }
            else if (now[member] is { } other)
            {
                merged[member] = Of(member, value, other, name);
            }
        }

        foreach (var (member, value) in now.Where(member => !before.ContainsKey(member.Key) && !SaysNothing(name, member.Key, member.Value)))
        {
            merged[member] = Clean(member, value);
        }

        return merged;
    }

    // An empty list is something to say: no messages, instead of Vapi's own.
    private static bool SaysNothing(string parent, string name, JsonNode? value) => value is null || (value is JsonValue && Sameness.IsDefault(parent, name, value));
}
