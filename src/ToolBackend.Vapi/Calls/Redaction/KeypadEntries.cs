namespace ToolBackend.Vapi.Calls.Redaction;

/// <summary>Keys that a caller pressed. Vapi has no message for them: they come as something that the user said, <c>User's Keypad Entry: 1234#</c>. They are never kept.</summary>
internal static class KeypadEntries
{
    public const string Mask = "[keys]";
    private const string Mark = "Keypad Entry:";

    /// <summary>Null when there is none.</summary>
    public static string? MaskOrNull(ReadOnlySpan<char> text)
    {
        string? masked = null;
        for (var mark = Find(text, 0); mark >= 0; mark = Find(text, mark))
        {
            var start = mark;
            while (start < text.Length && text[start] == ' ')
            {
                start++;
            }

            var end = start;
            while (end < text.Length && IsKey(text[end]))
            {
                end++;
            }

            while (end > start && text[end - 1] is ' ' or ',' or '-')
            {
                end--;
            }

            if (end > start)
            {
                masked = string.Concat(text[..start], Mask, text[end..]);
                text = masked;
                mark = start + Mask.Length;
            }
        }

        return masked;
    }

    /// <summary>The offset behind the next mark, or -1.</summary>
    private static int Find(ReadOnlySpan<char> text, int from)
    {
        var found = text[from..].IndexOf(Mark, StringComparison.OrdinalIgnoreCase);
        return found < 0 ? -1 : from + found + Mark.Length;
    }

    private static bool IsKey(char c) => char.IsAsciiDigit(c) || c is '*' or '#' or ' ' or ',' or '-';
}
