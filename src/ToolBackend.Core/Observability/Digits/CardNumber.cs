namespace ToolBackend.Core.Observability.Digits;

/// <summary>What makes digits a payment card's number (ISO/IEC 7812). Digits are values 0 to 9.</summary>
internal static class CardNumber
{
    public const int MinDigits = 13;
    public const int MaxDigits = 19;

    /// <summary>Digits that stand alone: a number that some issuer could have given out, with the right check digit.</summary>
    public static bool Matches(ReadOnlySpan<byte> digits) => digits.Length is >= MinDigits and <= MaxDigits && IsIssued(digits) && IsLuhn(digits);

    /// <summary>
    /// Digits cut out of a longer row. There are many cuts and one in ten passes the check digit, so the length must be one that the issuer uses.
    /// </summary>
    public static bool MatchesCut(ReadOnlySpan<byte> digits) => digits.Length is >= MinDigits and <= MaxDigits && IsIssued(digits) && HasIssuersLength(digits) && IsLuhn(digits);

    /// <summary>Banking and travel (3 to 6), Mir (2200-2204), Mastercard (2221-2720), RuPay (81, 82), Troy (9792). Years and most other numbers begin otherwise.</summary>
    private static bool IsIssued(ReadOnlySpan<byte> digits)
    {
        var four = (digits[0] * 1000) + (digits[1] * 100) + (digits[2] * 10) + digits[3];
        return digits[0] is >= 3 and <= 6 || four is (>= 2200 and <= 2204) or (>= 2221 and <= 2720) or (>= 8100 and <= 8299) or 9792;
    }

    private static bool HasIssuersLength(ReadOnlySpan<byte> digits) => digits[0] switch
    {
        4 => digits.Length is 13 or 16 or 19,
        3 when digits[1] is 4 or 7 => digits.Length == 15,
        3 => digits.Length is 14 or >= 16,
        6 => digits.Length >= 16,
        _ => digits.Length == 16,
    };

    private static bool IsLuhn(ReadOnlySpan<byte> digits)
    {
        var sum = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            int digit = digits[digits.Length - 1 - i];
            sum += i % 2 == 0 ? digit : digit > 4 ? (digit * 2) - 9 : digit * 2;
        }

        return sum % 10 == 0;
    }
}
