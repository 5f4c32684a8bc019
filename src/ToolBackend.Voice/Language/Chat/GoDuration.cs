using System.Buffers;
using System.Globalization;

namespace ToolBackend.Voice.Language.Chat;

/// <summary>Durations as Go prints them, such as <c>2m59.56s</c>, <c>650ms</c>, <c>1h2m3.5s</c>: Groq's rate limit headers.</summary>
internal static class GoDuration
{
    private static readonly SearchValues<char> s_digits = SearchValues.Create("0123456789.");

    private static readonly (string Name, double Seconds)[] s_units = [("ms", 0.001), ("µs", 1e-6), ("us", 1e-6), ("ns", 1e-9), ("h", 3600), ("m", 60), ("s", 1)];

    /// <summary>Null when the text is none, or longer than a day.</summary>
    public static TimeSpan? Parse(ReadOnlySpan<char> text)
    {
        var seconds = 0.0;
        if (text.IsEmpty)
        {
            return null;
        }

        while (!text.IsEmpty)
        {
            var digits = text.IndexOfAnyExcept(s_digits);
            if (digits <= 0 || !double.TryParse(text[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            {
                return null;
            }

            text = text[digits..];
            var found = false;
            foreach (var (name, factor) in s_units)
            {
                if (text.StartsWith(name, StringComparison.Ordinal))
                {
                    seconds += number * factor;
                    text = text[name.Length..];
                    found = true;
                    break;
                }
            }

            if (!found)
            {
                return null;
            }
        }

        return seconds <= 86_400 ? TimeSpan.FromSeconds(seconds) : null;
    }
}
