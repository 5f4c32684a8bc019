using System.Text;
using ToolBackend.Core.Observability.Digits;

namespace ToolBackend.Core.Observability;

/// <summary>
/// Takes card numbers and US social security numbers out of text before it is stored or shown, in the ways that people write them and
/// that transcripts write what people say: "4111-1111-1111-1111", "4 1 1 1 ...", "four one double one ...", "forty-one eleven ...".
/// <list type="bullet">
/// <item>Card: 13 to 19 digits that an issuer could have given out and whose check digit is right (Luhn). What follows in the same breath goes with it: it is the expiry and the code.</item>
/// <item>SSN: nine digits as 3-2-4, or one by one, or in any grouping after the words "social security" or "SSN"; only numbers that can exist.</item>
/// </list>
/// Phone numbers with a plus sign, UUIDs, URLs, ISO timestamps and digits that are part of a word are left alone. Masking what is masked changes nothing.
/// Pure; time is linear in the text.
/// </summary>
public static class SensitiveDigits
{
    public const string CardMask = "[card number]";
    public const string SsnMask = "[SSN]";

    /// <summary>For digits of which it is not yet known, or no longer of interest, what they are.</summary>
    public const string DigitsMask = "[digits]";

    /// <summary>The same instance when there is nothing to mask.</summary>
    public static string Mask(string text) => MaskOrNull(text) ?? text;

    /// <summary>
    /// For text that still grows (a partial transcript): eight or more digits that it ends with are masked too, since nobody knows yet what they become.
    /// </summary>
    public static string MaskGrowing(string text) => MaskOrNull(text, growing: true) ?? text;

    /// <summary>Null when there is nothing to mask.</summary>
    public static string? MaskOrNull(ReadOnlySpan<char> text, bool growing = false)
    {
        var masked = MaskOnce(text, growing);
        // What is left of a row may be a number by itself.
        for (var next = masked; next is not null; next = MaskOnce(next, growing))
        {
            masked = next;
        }

        return masked;
    }

    /// <summary>Whether these ASCII digits, and nothing else, are a card number.</summary>
    public static bool IsCardNumber(ReadOnlySpan<byte> asciiDigits)
    {
        if (asciiDigits.Length is < CardNumber.MinDigits or > CardNumber.MaxDigits || asciiDigits.IndexOfAnyExceptInRange((byte)'0', (byte)'9') >= 0)
        {
            return false;
        }

        Span<byte> values = stackalloc byte[CardNumber.MaxDigits];
        for (var i = 0; i < asciiDigits.Length; i++)
        {
            values[i] = (byte)(asciiDigits[i] - '0');
        }

        return CardNumber.Matches(values[..asciiDigits.Length]);
    }

    private static string? MaskOnce(ReadOnlySpan<char> text, bool growing)
    {
        Span<DigitGroup> groups = stackalloc DigitGroup[DigitRun.MaxDigits];
        Span<byte> digits = stackalloc byte[DigitRun.MaxDigits];
        var run = new DigitRun(groups, digits);
        scoped var scanner = new DigitScanner(text);
        StringBuilder? masked = null;
        var copied = 0;
        while (scanner.NextRun(ref run))
        {
            if (DigitVerdict.Of(text, run, growing && scanner.AtEnd) is { } found)
            {
                masked ??= new StringBuilder(text.Length);
                masked.Append(text[copied..found.Start]).Append(found.Mask);
                copied = found.End;
            }
        }

        return masked?.Append(text[copied..]).ToString();
    }
}
