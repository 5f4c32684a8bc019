namespace ToolBackend.Core.Speech;

/// <summary>
/// Tracking numbers and references as speech-to-text and models write them: "T B one oh four two", "tb-1042", "TB ten forty two",
/// "tango bravo double four". Gives upper-case letters and digits. Never throws.
/// </summary>
public static class SpokenCode
{
    /// <summary>Longest code. Characters; anything longer is no code.</summary>
    public const int MaxLength = 40;

    /// <summary>Most readings given for one text.</summary>
    public const int MaxCandidates = 8;

    /// <summary>
    /// The readings, best first, without repeats; empty when there is no code in the text. Only the first is usual; more come from words that
    /// may mean two things ("forty two": 42 or 402; "oh": 0 or O; "double u": W or UU).
    /// </summary>
    public static IReadOnlyList<string> Candidates(string? text)
    {
        if (string.IsNullOrWhiteSpace(text) || text.Length > Tokens.MaxInput)
        {
            return [];
        }

        if (Plain(text) is { } plain)
        {
            return [plain];
        }

        var parts = CodeParts.Read(Tokens.Cut(text), IsWritten(text));
        List<(string Code, int Cost)> beam = [("", 0)];
        foreach (var part in parts)
        {
            beam = [.. beam
                .SelectMany(b => part.Select((reading, i) => (Code: b.Code + reading, Cost: b.Cost + i)))
                .Where(static b => b.Code.Length <= MaxLength)
                .OrderBy(static b => b.Cost)
                .DistinctBy(static b => b.Code)
                .Take(MaxCandidates)];
        }

        return [.. beam.Select(static b => b.Code).Where(static c => c.Length > 0)];
    }

    /// <summary>The best reading, or null.</summary>
    public static string? Best(string? text) => Candidates(text) is [var best, ..] ? best : null;

    /// <summary>"TB1042" as "T B 1 0 4 2": speech synthesis then says each character. Anything but letters and digits is left out.</summary>
    public static string Spell(string code) => string.Join(' ', code.Where(char.IsAsciiLetterOrDigit).Select(char.ToUpperInvariant));

    /// <summary>
    /// The one reading of what models nearly always write, "TB1042" or "tb-1042", or null: the general reading of it costs more than
    /// the rest of a cached look-up. An O needs that reading.
    /// </summary>
    private static string? Plain(string text)
    {
        var trimmed = text.AsSpan().Trim();
        if (trimmed.Length > MaxLength || !trimmed.ContainsAnyInRange('0', '9'))
        {
            return null;
        }

        Span<char> code = stackalloc char[trimmed.Length];
        var length = 0;
        foreach (var c in trimmed)
        {
            if (char.IsAsciiLetterOrDigit(c) && c is not ('o' or 'O'))
            {
                code[length++] = char.ToUpperInvariant(c);
            }
            else if (c != '-')
            {
                return null;
            }
        }

        return new string(code[..length]);
    }

    /// <summary>
    /// A code that was written, not spoken: one word with a digit in it. Its letters are then never words ("tea-4" is not "T4"), except
    /// that an O among digits is doubtful in writing, too.
    /// </summary>
    private static bool IsWritten(string text)
    {
        var trimmed = text.AsSpan().Trim();
        return trimmed.IndexOfAny(" \t\r\n,") < 0 && trimmed.ContainsAnyInRange('0', '9');
    }
}
