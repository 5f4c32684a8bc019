using System.Text.Json.Nodes;
using ToolBackend.Vapi.Definitions;

namespace ToolBackend.Vapi.Sync.Comparison;

/// <summary>
/// Whether Vapi has what the files say. Secrets that the files only name are not looked at; members that the files do not mention may be there when they are server
/// defaults or empty.
/// </summary>
public static class Sameness
{
    /// <summary>Values that Vapi adds by itself, by the last two names of their path.</summary>
    private static readonly Dictionary<string, string> s_defaults = new(StringComparer.Ordinal)
    {
        ["firstMessageInterruptionsEnabled"] = "false",
        ["voice.cachingEnabled"] = "true",
        ["function.strict"] = "false",
        ["smsEnabled"] = "true",
        ["numberE164CheckEnabled"] = "true",
        ["async"] = "false",
        ["type"] = "\"ai\"",
    };

    /// <summary>Both normalised. A null is as good as an absent member.</summary>
    /// <param name="field">Name of the top-level field.</param>
    public static bool OfField(string field, JsonNode? files, JsonNode? remote) => files is null ? IsDefault("", field, remote) : OfValue("", field, files, remote);

    /// <summary>Whether a member is one that Vapi adds by itself, or says nothing.</summary>
    /// <param name="parent">Name of the member that it is in; empty at the top.</param>
    public static bool IsDefault(string parent, string name, JsonNode? value) =>
        value is null or JsonArray { Count: 0 } or JsonObject { Count: 0 }
        || (s_defaults.TryGetValue(parent.Length == 0 ? name : $"{parent}.{name}", out var known) && value is JsonValue && value.ToJsonString() == known);

    /// <param name="parent">Name of the member that it is in; empty at the top.</param>
    internal static bool OfValue(string parent, string name, JsonNode? files, JsonNode? remote)
    {
        if (files.AsText() is { } text && Definitions.Secrets.IsIn(text))
        {
            return true;
        }

        // Where Vapi says nothing it does what its default says.
        if (remote is null && IsDefault(parent, name, files))
        {
            return true;
        }

        return (files, remote) switch
        {
            (JsonObject ours, JsonObject theirs) =>
                ours.All(member => member.Value is null ? IsDefault(name, member.Key, theirs[member.Key]) : OfValue(name, member.Key, member.Value, theirs[member.Key]))
                && theirs.All(member => ours.ContainsKey(member.Key) || IsDefault(name, member.Key, member.Value)),
            (JsonArray ours, JsonArray theirs) => ours.Count == theirs.Count && ours.Zip(theirs).All(pair => OfValue(parent, name, pair.First, pair.Second)),
            _ => CanonicalJson.AreEqual(files, remote),
        };
    }
}
