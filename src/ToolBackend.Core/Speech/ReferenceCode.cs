namespace ToolBackend.Core.Speech;

/// <summary>
/// Our own spoken references: two letters and five digits, "KR74926", written "KR-74926". Letters and digits are apart by position, and within each no two
/// sound alike on a phone: no B/C/D/E/G/P/T/V/Z family but T, no A/J/8-like but H and K, no N (M), F/S (X), I/5 (Y, 9), O/0.
/// Capacity 3,276,800: keep them unique among appointments still to come (or retry on a unique violation: at one million rows in use
/// three tries in ten collide, ten tries all fail less than once in 100,000).
/// </summary>
public static class ReferenceCode
{
    private const string Letters = "THKXMYQLRW";
    private const string Digits = "12346789";
    private const int LetterCount = 2;
    private const int DigitCount = 5;

    /// <summary>Odd and not divisible by 5, so that it shares no factor with the capacity and each index has its own code.</summary>
    private const long Scatter = 1_640_531_527;

    /// <summary>How many codes there are.</summary>
    public const int Capacity = 3_276_800;

    /// <summary>A random code. The caller inserts it and tries again with another one on a unique violation.</summary>
    public static string New(Random random) => At(random.Next(Capacity));

    /// <summary>A different code for each index from 0 to <see cref="Capacity"/> - 1, neighbours far apart: for bulk seeds without collisions.</summary>
    public static string At(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Capacity);
        var rest = (int)(index * Scatter % Capacity);
        return string.Create(LetterCount + DigitCount, rest, static (code, left) =>
        {
            for (var i = code.Length - 1; i >= 0; i--)
            {
                var alphabet = i < LetterCount ? Letters : Digits;
                code[i] = alphabet[left % alphabet.Length];
                left /= alphabet.Length;
            }
        });
    }

    /// <summary>"KR74926" as "K R, 7 4, 9 2 6": pauses where people make them. Any code works; letters and digits are grouped by themselves.</summary>
    public static string Spoken(string code)
    {
        var plain = string.Concat(code.Where(char.IsAsciiLetterOrDigit).Select(char.ToUpperInvariant));
        var groups = new List<string>();
        for (var i = 0; i < plain.Length;)
        {
            var end = i;
            while (end < plain.Length && char.IsAsciiDigit(plain[end]) == char.IsAsciiDigit(plain[i]))
            {
                end++;
            }

            // Runs longer than three fall into pairs; an odd one out makes the last group three.
            while (end - i > 3)
            {
                groups.Add(SpokenCode.Spell(plain[i..(i + 2)]));
                i += 2;
            }

            groups.Add(SpokenCode.Spell(plain[i..end]));
            i = end;
        }

        return string.Join(", ", groups);
    }
}
