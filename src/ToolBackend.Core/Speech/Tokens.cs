using System.Globalization;

namespace ToolBackend.Core.Speech;

/// <summary>
/// Cuts foreign text into lower-case words, digit runs and single marks. Linear, without regular expressions, so that hostile text costs nothing.
/// </summary>
internal static class Tokens
{
    /// <summary>Longer text is no date, time or code. Characters.</summary>
    internal const int MaxInput = 200;

    /// <summary>What stands for every character that means nothing here, such as an emoji.</summary>
    internal const string Unknown = "?";

    /// <summary>
    /// Words and digit runs are split from each other ("2pm" is "2", "pm"); white space and apostrophes vanish ("o'clock" is "oclock");
    /// dots inside "a.m." and "p.m." vanish; any dash is "-".
    /// </summary>
    internal static List<string> Cut(string text)
    {
        var clean = text.ToLowerInvariant()
            .Replace("'", "", StringComparison.Ordinal)
            .Replace("\u2019", "", StringComparison.Ordinal)
            .Replace("a.m.", "am", StringComparison.Ordinal).Replace("a.m", "am", StringComparison.Ordinal)
            .Replace("p.m.", "pm", StringComparison.Ordinal).Replace("p.m", "pm", StringComparison.Ordinal);
        var tokens = new List<string>();
        for (var i = 0; i < clean.Length;)
        {
            var start = i;
            var c = clean[i++];
            if (char.IsAsciiLetterLower(c))
            {
                for (; i < clean.Length && char.IsAsciiLetterLower(clean[i]); i++)
                {
                }

                tokens.Add(clean[start..i]);
            }
            else if (char.IsAsciiDigit(c))
            {
                for (; i < clean.Length && char.IsAsciiDigit(clean[i]); i++)
                {
                }

                tokens.Add(clean[start..i]);
            }
            else if (!char.IsWhiteSpace(c))
            {
                tokens.Add(c is '\u2010' or '\u2011' or '\u2012' or '\u2013' or '\u2014' or '\u2212' ? "-"
                    : char.IsAscii(c) && !char.IsControl(c) ? c.ToString()
                    : Unknown);
            }
        }

        return tokens;
    }

    /// <summary>The value of a run of at most <paramref name="maxDigits"/> digits.</summary>
    internal static bool IsNumber(string token, out int value, int maxDigits = 4)
    {
        value = 0;
        return token.Length <= maxDigits && int.TryParse(token, NumberStyles.None, CultureInfo.InvariantCulture, out value);
    }

    internal static bool IsDigits(string token) => char.IsAsciiDigit(token[0]);
}
