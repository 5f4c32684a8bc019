using System.Text;
using System.Text.Json.Nodes;

namespace ToolBackend.Vapi.Definitions.Writing;

/// <summary>A whole definition file: YAML, or Markdown with the system prompt below the front matter.</summary>
internal static class DefinitionText
{
    // What a reader wants to see first; everything else follows as it came.
    private static readonly string[] s_first =
    [
        "type", "provider", "name", "description", "function", "number", "firstMessage", "firstMessageMode", "transcriber", "model", "voice", "startSpeakingPlan",
        "stopSpeakingPlan", "server", "serverMessages", "clientMessages",
    ];

    /// <summary>A copy with the members that people look for in front.</summary>
    public static JsonObject Ordered(JsonObject body) => new(body
        .OrderBy(member => Array.IndexOf(s_first, member.Key) is >= 0 and var place ? place : s_first.Length)
        .Select(member => KeyValuePair.Create(member.Key, member.Value?.DeepClone())));

    /// <param name="file">Its extension decides the form.</param>
    /// <param name="root">Everything in written form, <c>fallback</c> and <c>routing</c> included.</param>
    public static string Of(ResourceKind kind, string file, JsonObject root)
    {
        var schema = $"# yaml-language-server: $schema=../schema/{kind.RestPath()[1..]}.json\n";
        if (!file.EndsWith(".md", StringComparison.Ordinal))
        {
            return schema + YamlWriter.Members(root);
        }

        var prompt = TakePrompt(root);
        return $"---\n{schema}{YamlWriter.Members(root)}---\n{(prompt is null ? string.Empty : prompt + "\n")}";
    }

    /// <summary>
    /// Takes the system prompt out of a root, when it is the first message, nothing but text, and a text that stays what it is below the front matter. Null when it stays.
    /// </summary>
    public static string? TakePrompt(JsonObject root)
    {
        if (root["model"] is not JsonObject model || model["messages"] is not JsonArray { Count: > 0 } messages || messages[0] is not JsonObject { Count: 2 } first
            || first.TextAt("role") != "system" || first.TextAt("content") is not { } text || !IsBody(text)
            // A second system message above would be taken for the same prompt written twice.
            || messages.Skip(1).Any(message => message.TextAt("role") == "system"))
        {
            return null;
        }

        messages.RemoveAt(0);
        if (messages.Count == 0)
        {
            model.Remove("messages");
        }

        if (model.Count == 0)
        {
            root.Remove("model");
        }

        return text;
    }

    // Blank lines in front and behind are the file's, and what ends a line or cannot be seen does not survive an editor.
    private static bool IsBody(string text) =>
        text.Length > 0 && text == text.TrimEnd() && !string.IsNullOrWhiteSpace(text.Split('\n')[0])
        && text.EnumerateRunes().All(rune => rune.Value is '\n' or '\t' || YamlText.IsPrintable(rune));
}
