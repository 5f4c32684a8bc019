using System.Text;

namespace ToolBackend.Core.Calls.State;

/// <summary>Senders write anything; what is shown in lists, indexed and searched has bounds.</summary>
internal static class Texts
{
    /// <summary>Characters; an index entry of Postgres holds about 2,700 bytes.</summary>
    private const int ShortLimit = 256;

    /// <summary>One line of at most 256 characters without control characters; null when nothing is left.</summary>
    public static string? Short(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        if (text.AsSpan().ContainsAnyInRange('\0', '\u001f') || text.AsSpan().ContainsAnyInRange('\u007f', '\u009f'))
        {
            var kept = new StringBuilder(text.Length);
            foreach (var c in text)
            {
                kept.Append(char.IsControl(c) ? ' ' : c);
            }

            text = kept.ToString();
        }

        text = text.Trim();
        if (text.Length > ShortLimit)
        {
            text = text[..(char.IsHighSurrogate(text[ShortLimit - 1]) ? ShortLimit - 1 : ShortLimit)];
        }

        return text.Length == 0 ? null : text;
    }

    /// <summary>The text as it is, without the one character that Postgres cannot store; null when it is blank.</summary>
    public static string? Long(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Replace("\0", "", StringComparison.Ordinal) is { Length: > 0 } kept ? kept : null;
}
