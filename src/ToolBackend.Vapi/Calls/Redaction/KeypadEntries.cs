namespace ToolBackend.Vapi.Calls.Redaction;

/// <summary>Keys that a caller pressed. Vapi has no message for them: they come as something that the user said, <c>User's Keypad Entry: 1234#</c>. They are never kept.</summary>
internal static class KeypadEntries
{
    public const string Mask = "[keys]";
    private const string Mark = "Keypad Entry:";

    /// <summary>Null when there is none.</summary>
    public static string? MaskOrNull(ReadOnlySpan<char> text)
    {
        var masked = default(MaskedText);
        for (var from = 0; from < text.Length;)
        {
            var found = text[from..].IndexOf(Mark, StringComparison.OrdinalIgnoreCase);
            if (found < 0)
            {
                break;
            }

            var start = from + found + Mark.Length;
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
                masked.Replace(text, start, end, Mask);
            }

            from = end;
        }

        return masked.Finish(text);
    }

    private static bool IsKey(char c) => char.IsAsciiDigit(c) || c is '*' or '#' or ' ' or ',' or '-';
}
