namespace ToolBackend.Vapi.Calls.Facts;

/// <summary>Texts of a sender, made fit for keeping: at most so long, without control characters, never empty.</summary>
internal static class BoundedText
{
    public const int Id = 128;
    public const int Name = 200;
    public const int Word = 64;
    public const int Address = 2048;

    /// <summary>An id or address; null when it is missing, too long or has control characters: half an id is none.</summary>
    public static string? Whole(string? text, int limit) =>
        string.IsNullOrWhiteSpace(text) || text.Length > limit || text.AsSpan().ContainsAnyInRange('\0', '\x1F') ? null : text;

    /// <summary>A name or a sentence, cut at the limit.</summary>
    public static string? Cut(string? text, int limit)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        var length = Math.Min(text.Length, limit);
        // Half a surrogate pair is no text.
        length -= length < text.Length && char.IsHighSurrogate(text[length - 1]) ? 1 : 0;
        return (length < text.Length ? text[..length] : text).Replace('\0', '\uFFFD');
    }
}
