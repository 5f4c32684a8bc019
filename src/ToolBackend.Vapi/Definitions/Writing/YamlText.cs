using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace ToolBackend.Vapi.Definitions.Writing;

/// <summary>
/// Texts in the form in which any YAML reader gives them back letter for letter: plain where nobody can take them for something else, a literal block for lines of
/// printable text, double quotes with escapes for the rest.
/// </summary>
internal static partial class YamlText
{
    private const char ZeroWidthNonJoiner = '\u200c';
    private const char ZeroWidthJoiner = '\u200d';

    /// <summary>On one line, as a value.</summary>
    /// <param name="inFlow">Inside of <c>[...]</c>, where commas and brackets part values.</param>
    public static string Inline(string text, bool inFlow = false) => IsPlain(text, inFlow) ? text : Quoted(text);

    /// <summary>Whether the text may stand without quotes.</summary>
    public static bool IsPlain(string text, bool inFlow = false)
    {
        if (text.Length == 0 || !(char.IsLetterOrDigit(text[0]) || text[0] is '$' or '/' or '(' or '_') || text[^1] is ' ' or ':' || LooksTyped().IsMatch(text))
        {
            return false;
        }

        for (var i = 0; i < text.Length; i++)
        {
            var letter = text[i];
            var isFine = letter switch
            {
                ':' => !inFlow && text[i + 1] != ' ',
                '#' => i > 0 && text[i - 1] != ' ',
                ',' or '[' or ']' or '{' or '}' => !inFlow,
                _ => letter is >= ' ' and <= '~' || char.IsLetterOrDigit(letter),
            };
            if (!isFine)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>
    /// Whether the text can be a literal block: lines of printable characters, of which the first begins with one that is no blank. Blank lines at its end would look like
    /// the file's own.
    /// </summary>
    public static bool IsBlock(string text)
    {
        if (!text.Contains('\n', StringComparison.Ordinal) || char.IsWhiteSpace(text[0]) || text.EndsWith("\n\n", StringComparison.Ordinal))
        {
            return false;
        }

        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value is not ('\n' or '\t') && !IsPrintable(rune))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The block's header after the colon, such as <c>|-</c>.</summary>
    public static string BlockHeader(string text) => text.EndsWith('\n') ? "|" : "|-";

    public static string Quoted(string text)
    {
        var quoted = new StringBuilder(text.Length + 8).Append('"');
        foreach (var rune in text.EnumerateRunes())
        {
            _ = rune.Value switch
            {
                '"' => quoted.Append("\\\""),
                '\\' => quoted.Append(@"\\"),
                '\n' => quoted.Append("\\n"),
                '\r' => quoted.Append("\\r"),
                '\t' => quoted.Append("\\t"),
                '\0' => quoted.Append("\\0"),
                _ when IsPrintable(rune) => quoted.Append(rune.ToString()),
                <= 0xff => quoted.Append(CultureInfo.InvariantCulture, $"\\x{rune.Value:x2}"),
                <= 0xffff => quoted.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}"),
                _ => quoted.Append(CultureInfo.InvariantCulture, $"\\U{rune.Value:x8}"),
            };
        }

        return quoted.Append('"').ToString();
    }

    /// <summary>Whether a reader sees the character, or it belongs to one that it sees.</summary>
    public static bool IsPrintable(Rune rune) => rune.Value is ZeroWidthJoiner or ZeroWidthNonJoiner || Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);

    // What one YAML or another takes for a number, a bool, a date, a time or nothing.
    [GeneratedRegex(
        @"^(~|null|true|false|yes|no|y|n|on|off|[0-9][0-9_.,:a-fox+-]*|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([ t].*)?)$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex LooksTyped();
}
