using System.Text.Json;

namespace ToolBackend.LocalStack.Simulators.Vapi.Calls;

/// <summary>What Vapi understands of an answer, and what it would trip over.</summary>
internal static class WebhookAnswers
{
    /// <summary>What the history has when an answer was not understood.</summary>
    public const string NoResult = "No result returned.";

    /// <param name="Results">By tool call id; every id that was asked has one.</param>
    /// <param name="Problems">Rules of Vapi's that the answer breaks, empty when all is well.</param>
    public sealed record ToolResults(IReadOnlyDictionary<string, string> Results, IReadOnlyList<string> Problems);

    public static ToolResults ReadToolResults(IReadOnlyList<string> asked, int? status, ReadOnlyMemory<byte> body)
    {
        var results = asked.ToDictionary(id => id, _ => NoResult, StringComparer.Ordinal);
        var problems = new List<string>();
        if (status is not (>= 200 and < 300))
        {
            problems.Add($"answered {status?.ToString() ?? "nothing"}");
        }

        if (!TryParse(body, out var document))
        {
            return new ToolResults(results, [.. problems, "the body is no JSON object"]);
        }

        using (document)
        {
            if (!document.RootElement.TryGetProperty("results", out var list) || list.ValueKind != JsonValueKind.Array)
            {
                return new ToolResults(results, [.. problems, "results is no array"]);
            }

            var answered = new HashSet<string>(StringComparer.Ordinal);
            foreach (var item in list.EnumerateArray())
            {
                ReadResult(item, results, answered, problems);
            }

            problems.AddRange(asked.Where(id => !answered.Contains(id)).Select(id => $"{id} has no result"));
            return new ToolResults(results, problems);
        }
    }

    /// <summary>Why the call cannot go on, as an ended reason, or null when it can.</summary>
    public static string? ReadAssistantRequest(int? status, ReadOnlyMemory<byte> body)
    {
        if (status is not (>= 200 and < 300) || !TryParse(body, out var document))
        {
            return "assistant-request-failed";
        }

        using (document)
        {
            var root = document.RootElement;
            return root.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.String
                ? error.GetString() is { Length: > 0 } ? "assistant-request-returned-error" : "assistant-request-returned-unspeakable-error"
                : HasObject(root, "destination") ? "assistant-request-returned-forwarding-phone-number"
                : HasObject(root, "assistant") || HasObject(root, "squad") || HasText(root, "assistantId") || HasText(root, "squadId") ? null
                : "assistant-request-returned-no-assistant";
        }
    }

    /// <summary>The number that the call shall be put through to, or null when the answer names none.</summary>
    public static string? ReadDestination(int? status, ReadOnlyMemory<byte> body)
    {
        if (status is not (>= 200 and < 300) || !TryParse(body, out var document))
        {
            return null;
        }

        using (document)
        {
            return document.RootElement.TryGetProperty("destination", out var destination) && destination.ValueKind == JsonValueKind.Object
                && destination.TryGetProperty("number", out var number) && number.ValueKind == JsonValueKind.String
                    ? number.GetString()
                    : null;
        }
    }

    private static void ReadResult(JsonElement item, Dictionary<string, string> results, HashSet<string> answered, List<string> problems)
    {
        if (item.ValueKind != JsonValueKind.Object || !item.TryGetProperty("toolCallId", out var id) || id.ValueKind != JsonValueKind.String)
        {
            problems.Add("a result has no toolCallId");
            return;
        }

        var key = id.GetString()!;
        if (!results.ContainsKey(key))
        {
            problems.Add($"{key} was not asked");
            return;
        }

        if (!answered.Add(key))
        {
            problems.Add($"{key} is answered twice");
            return;
        }

        if (!HasText(item, "name"))
        {
            problems.Add($"{key} has no name");
        }

        var hasResult = item.TryGetProperty("result", out var value);
        if (hasResult == item.TryGetProperty("error", out var error))
        {
            problems.Add($"{key} must have either result or error");
        }

        var said = hasResult ? value : error;
        if (said.ValueKind != JsonValueKind.String)
        {
            problems.Add($"{key} has a result that is no string");
            return;
        }

        var text = said.GetString()!;
        if (text.AsSpan().ContainsAny('\r', '\n'))
        {
            problems.Add($"{key} has a line break in its result");
        }

        results[key] = text;
    }

    private static bool HasObject(JsonElement root, string name) => root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Object;

    private static bool HasText(JsonElement root, string name) => root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 };

    private static bool TryParse(ReadOnlyMemory<byte> body, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out JsonDocument? document)
    {
        document = null;
        try
        {
            document = JsonDocument.Parse(body);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                return true;
            }
        }
        catch (JsonException)
        {
            return false;
        }

        document.Dispose();
        document = null;
        return false;
    }
}
