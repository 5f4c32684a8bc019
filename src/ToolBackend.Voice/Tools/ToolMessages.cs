using System.Globalization;
using System.Text.Json;
using ToolBackend.Vapi.Definitions.Model;

namespace ToolBackend.Voice.Tools;

/// <summary>What a definition has said around a tool call, by Vapi's rules: of each type the first message whose conditions the arguments meet; an empty text is deliberately nothing.</summary>
internal static class ToolMessages
{
    public const string Start = "request-start", Delayed = "request-response-delayed", Complete = "request-complete", Failed = "request-failed";

    public static ToolMessage? Of(ToolModel tool, string type, string arguments)
    {
        var candidates = tool.Messages.Where(m => m.Type == type);
        return candidates.FirstOrDefault(m => Meets(m, arguments)) is { Content.Length: > 0 } message ? message : null;
    }

    /// <summary>Those that are due while the tool works, the earliest first.</summary>
    public static IReadOnlyList<ToolMessage> Delays(ToolModel tool, string arguments) =>
        [.. tool.Messages.Where(m => m is { Type: Delayed, Content.Length: > 0, IsHint: false } && Meets(m, arguments)).OrderBy(m => m.After)];

    private static bool Meets(ToolMessage message, string arguments)
    {
        if (message.Conditions.Count == 0)
        {
            return true;
        }

        try
        {
            using var json = JsonDocument.Parse(arguments);
            return json.RootElement.ValueKind is JsonValueKind.Object && message.Conditions.All(c => Holds(c, json.RootElement));
        }
        catch (JsonException)
        {
            return false; // the tool itself will refuse these arguments
        }
    }

    private static bool Holds(ToolMessageCondition condition, JsonElement arguments)
    {
        var given = arguments.TryGetProperty(condition.Parameter, out var value) ? value.ToString() : "";
        var isNumber = double.TryParse(given, NumberStyles.Float, CultureInfo.InvariantCulture, out var a) & double.TryParse(condition.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var b);
        var order = isNumber ? a.CompareTo(b) : string.CompareOrdinal(given, condition.Value);
        return condition.Operator switch
        {
            "neq" => order != 0,
            "gt" => order > 0,
            "gte" => order >= 0,
            "lt" => order < 0,
            "lte" => order <= 0,
            _ => order == 0,
        };
    }
}
