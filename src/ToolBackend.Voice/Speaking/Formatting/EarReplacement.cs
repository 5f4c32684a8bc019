using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace ToolBackend.Voice.Speaking.Formatting;

/// <summary>One of <c>formatPlan.replacements</c>.</summary>
internal abstract record EarReplacement
{
    /// <summary>A pattern comes from a file: it is given this long per chunk, and then left out.</summary>
    private static readonly TimeSpan s_limit = TimeSpan.FromMilliseconds(20);

    private EarReplacement()
    {
    }

    public abstract string Apply(string text);

    /// <summary>Null for what is neither, or a pattern that cannot be read: the definition's check reports it.</summary>
    public static EarReplacement? Of(JsonObject item)
    {
        var value = Text(item, "value") ?? "";
        switch (Text(item, "type"))
        {
            case "exact" when Text(item, "key") is { Length: > 0 } key:
                return new Exact(key, value, item["replaceAllEnabled"] is JsonValue all && all.TryGetValue<bool>(out var every) && every);
            case "regex" when Text(item, "regex") is { Length: > 0 } pattern:
                try
                {
                    return new Pattern(new Regex(Has(item, "whole-word") ? $@"\b(?:{pattern})\b" : pattern, Options(item), s_limit), value);
                }
                catch (ArgumentException)
                {
                    return null;
                }

            default:
                return null;
        }
    }

    private static RegexOptions Options(JsonObject item) =>
        RegexOptions.CultureInvariant | (Has(item, "ignore-case") ? RegexOptions.IgnoreCase : RegexOptions.None) | (Has(item, "multi-line") ? RegexOptions.Multiline : RegexOptions.None);

    private static bool Has(JsonObject item, string option) =>
        item["options"] is JsonArray options && options.OfType<JsonObject>().Any(o => Text(o, "type") == option && o["enabled"] is JsonValue on && on.TryGetValue<bool>(out var enabled) && enabled);

    private static string? Text(JsonObject item, string name) => item[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    /// <summary>The first place, or all.</summary>
    private sealed record Exact(string Key, string Value, bool All) : EarReplacement
    {
        public override string Apply(string text)
        {
            if (All)
            {
                return text.Replace(Key, Value, StringComparison.Ordinal);
            }

            var at = text.IndexOf(Key, StringComparison.Ordinal);
            return at < 0 ? text : string.Concat(text.AsSpan(0, at), Value, text.AsSpan(at + Key.Length));
        }
    }

    private sealed record Pattern(Regex Regex, string Value) : EarReplacement
    {
        public override string Apply(string text)
        {
            try
            {
                return Regex.Replace(text, Value);
            }
            catch (RegexMatchTimeoutException)
            {
                return text;
            }
        }
    }
}
