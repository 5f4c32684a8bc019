using System.Globalization;
using System.Text;
using NodaTime;

namespace ToolBackend.Voice.Conversations;

/// <summary>
/// Fills <c>{{ }}</c> in prompts and messages: variables (also dotted, such as <c>customer.number</c>), quoted text, and Liquid's filters <c>date</c> (strftime, with a time zone as
/// second argument, as Vapi has it), <c>default</c>, <c>upcase</c>, <c>downcase</c>, <c>capitalize</c>, <c>strip</c>. What has no value becomes nothing: <c>validate</c> has refused it before.
/// </summary>
/// <param name="find">The value of a full name; null when there is none.</param>
/// <param name="now">What <c>"now"</c> is.</param>
/// <param name="zone">Of dates that name no zone. Vapi's is UTC.</param>
public sealed class PromptText(Func<string, string?> find, Instant now, DateTimeZone zone)
{
    /// <param name="values">By full name.</param>
    public PromptText(IReadOnlyDictionary<string, string> values, Instant now, DateTimeZone zone)
        : this(values.GetValueOrDefault, now, zone)
    {
    }

    public string Fill(string text)
    {
        var open = text.IndexOf("{{", StringComparison.Ordinal);
        if (open < 0)
        {
            return text;
        }

        var filled = new StringBuilder(text.Length);
        var from = 0;
        for (; open >= 0; open = text.IndexOf("{{", from, StringComparison.Ordinal))
        {
            var close = text.IndexOf("}}", open, StringComparison.Ordinal);
            if (close < 0)
            {
                break;
            }

            filled.Append(text, from, open - from).Append(Value(text[(open + 2)..close].Trim('-', ' ', '\n', '\r', '\t')));
            from = close + 2;
        }

        return filled.Append(text, from, text.Length - from).ToString();
    }

    /// <summary>Fills a text that is the same in every call: one that asks for these values and nothing else, not for the time either. Null for any other.</summary>
    public static string? FillFixed(string text, IReadOnlyDictionary<string, string> values)
    {
        for (var open = text.IndexOf("{{", StringComparison.Ordinal); open >= 0; open = text.IndexOf("{{", open + 2, StringComparison.Ordinal))
        {
            var close = text.IndexOf("}}", open, StringComparison.Ordinal);
            if (close < 0 || !IsFixed(text[(open + 2)..close].Trim('-', ' ', '\n', '\r', '\t'), values))
            {
                return null;
            }
        }

        return new PromptText(values, default, DateTimeZone.Utc).Fill(text);
    }

    private static bool IsFixed(string expression, IReadOnlyDictionary<string, string> values)
    {
        var parts = Split(expression, '|');
        return IsKnown(parts[0]) && parts.Skip(1).All(filter =>
        {
            var (name, arguments) = Filter(filter);
            return name is not "date" && arguments.TrueForAll(IsKnown);
        });

        bool IsKnown(string operand) => operand.Trim() is var name && (name is ['"' or '\'', ..] || (name.Length > 0 && char.IsAsciiDigit(name[0])) || values.ContainsKey(name));
    }

    private string Value(string expression)
    {
        var parts = Split(expression, '|');
        var value = Operand(parts[0]);
        foreach (var filter in parts.Skip(1))
        {
            var (name, arguments) = Filter(filter);
            value = Apply(name, value, arguments.ConvertAll(a => Operand(a) ?? ""));
        }

        return value ?? "";
    }

    private static (string Name, List<string> Arguments) Filter(string filter)
    {
        var colon = filter.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? (filter.Trim(), []) : (filter[..colon].Trim(), Split(filter[(colon + 1)..], ','));
    }

    private string? Apply(string name, string? value, List<string> arguments) => name switch
    {
        "default" => string.IsNullOrEmpty(value) ? arguments.ElementAtOrDefault(0) : value,
        "date" => Date(value, arguments.ElementAtOrDefault(0) ?? "%Y-%m-%d", arguments.ElementAtOrDefault(1)),
        "upcase" => value?.ToUpperInvariant(),
        "downcase" => value?.ToLowerInvariant(),
        "capitalize" => value is { Length: > 0 } ? char.ToUpperInvariant(value[0]) + value[1..] : value,
        "strip" => value?.Trim(),
        _ => value,
    };

    private string? Operand(string text)
    {
        text = text.Trim();
        if (text.Length >= 2 && text[0] is '"' or '\'' && text[^1] == text[0])
        {
            return text[1..^1];
        }

        return find(text) is { } value ? value
            : text is "now" or "date" or "time" or "month" or "day" or "year" ? BuiltIn(text)
            : text.Length > 0 && char.IsAsciiDigit(text[0]) ? text
            : null;
    }

    /// <summary>Vapi's own variables; all in its zone.</summary>
    private string BuiltIn(string name) => name switch
    {
        "now" => Date("now", "%b %d, %Y, %I:%M %p %Z", null)!,
        "date" => Date("now", "%b %d, %Y", null)!,
        "time" => Date("now", "%I:%M %p", null)!,
        "month" => Date("now", "%B", null)!,
        "day" => Date("now", "%d", null)!,
        _ => Date("now", "%Y", null)!,
    };

    private string? Date(string? value, string format, string? zoneName)
    {
        Instant at;
        if (value is "now" or "today")
        {
            at = now;
        }
        else if (value is not null && DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var given))
        {
            at = Instant.FromDateTimeOffset(given);
        }
        else
        {
            return value;
        }

        var there = zoneName is null ? zone : DateTimeZoneProviders.Tzdb.GetZoneOrNull(zoneName) ?? zone;
        return Strftime.Format(at.InZone(there), format);
    }

    /// <summary>Not inside quotes.</summary>
    private static List<string> Split(string text, char at)
    {
        var parts = new List<string>();
        var from = 0;
        var quote = '\0';
        for (var i = 0; i < text.Length; i++)
        {
            if (quote != '\0')
            {
                quote = text[i] == quote ? '\0' : quote;
            }
            else if (text[i] is '"' or '\'')
            {
                quote = text[i];
            }
            else if (text[i] == at)
            {
                parts.Add(text[from..i]);
                from = i + 1;
            }
        }

        parts.Add(text[from..]);
        return parts;
    }
}
