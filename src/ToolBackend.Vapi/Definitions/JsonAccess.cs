using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ToolBackend.Vapi.Definitions;

/// <summary>Reading bodies that may hold anything: null for what is absent or of another type. Paths are dotted member names.</summary>
internal static class JsonAccess
{
    public static JsonNode? At(this JsonNode? node, string path)
    {
        foreach (var name in path.Split('.'))
        {
            node = node is JsonObject members && members.TryGetPropertyValue(name, out var member) ? member : null;
        }
        return node;
    }

    public static string? TextAt(this JsonNode? node, string path) => node.At(path).AsText();

    public static double? NumberAt(this JsonNode? node, string path) => node.At(path).AsNumber();

    public static bool? FlagAt(this JsonNode? node, string path) => node.At(path) is JsonValue value && value.TryGetValue(out bool flag) ? flag : null;

    public static JsonObject? ObjectAt(this JsonNode? node, string path) => node.At(path) as JsonObject;

    /// <summary>The objects of a list, with their paths.</summary>
    public static IEnumerable<(JsonObject Item, string Path)> ObjectsAt(this JsonNode? node, string path) =>
        node.At(path) is JsonArray items ? items.Select((item, index) => (Item: item as JsonObject, JsonPaths.Item(path, index))).Where(e => e.Item is not null).Select(e => (e.Item!, e.Item2)) : [];

    /// <summary>The texts of a list, with their paths.</summary>
    public static IEnumerable<(string Text, string Path)> TextsAt(this JsonNode? node, string path) =>
        node.At(path) is JsonArray items ? items.Select((item, index) => (Text: item.AsText(), JsonPaths.Item(path, index))).Where(e => e.Text is not null).Select(e => (e.Text!, e.Item2)) : [];

    public static string? AsText(this JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    // By way of the text: a number made in code is only given out as the type it was made of.
    public static double? AsNumber(this JsonNode? node) =>
        node?.GetValueKind() is JsonValueKind.Number && double.TryParse(node.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;
}
