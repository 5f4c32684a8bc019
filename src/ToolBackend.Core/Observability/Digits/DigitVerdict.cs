namespace ToolBackend.Core.Observability.Digits;

/// <summary>The part of a text that is to be replaced.</summary>
internal readonly record struct DigitVerdict(int Start, int End, string Mask)
{
    private const int SsnDigits = 9;
    private const int GrowingDigits = 8;
    private const int PhoneDigits = 15;
    private const int CueReach = 80;

    /// <summary>What in a run must go; null when nothing must. One part at a time: what is left is looked at again.</summary>
    /// <param name="growing">The run may go on in a later version of the text.</param>
    public static DigitVerdict? Of(ReadOnlySpan<char> text, in DigitRun run, bool growing)
    {
        var groups = run.Groups;
        if (run.IsOverlong)
        {
            return Span(groups, 0, groups.Length - 1, SensitiveDigits.DigitsMask);
        }

        if (run.IsInternational && run.Digits.Length <= PhoneDigits)
        {
            return null;
        }

        return Card(run) ?? Ssn(text, run)
            ?? (growing && run.Digits.Length >= GrowingDigits ? Span(groups, 0, groups.Length - 1, SensitiveDigits.DigitsMask) : null);
    }

    private static DigitVerdict? Card(in DigitRun run)
    {
        var groups = run.Groups;
        if (CardNumber.Matches(run.Digits))
        {
            return Span(groups, 0, groups.Length - 1, SensitiveDigits.CardMask);
        }

        for (var from = 0; from < groups.Length && run.Digits.Length - groups[from].First >= CardNumber.MinDigits; from++)
        {
            for (var to = from; to < groups.Length; to++)
            {
                var digits = run.Digits[groups[from].First..(groups[to].First + groups[to].Count)];
                if (digits.Length > CardNumber.MaxDigits)
                {
                    break;
                }

                if (CardNumber.MatchesCut(digits))
                {
                    return Span(groups, from, groups.Length - 1, SensitiveDigits.CardMask);
                }
            }
        }

        return null;
    }

    private static DigitVerdict? Ssn(ReadOnlySpan<char> text, in DigitRun run)
    {
        var groups = run.Groups;
        for (var i = 0; i + 2 < groups.Length; i++)
        {
            if (groups[i + 1].Joined && groups[i + 2].Joined && IsThreeTwoFour(groups[i..]) && IsSsn(run.Digits.Slice(groups[i].First, SsnDigits)))
            {
                return Span(groups, i, i + 2, SensitiveDigits.SsnMask);
            }
        }

        return run.Digits.Length == SsnDigits && IsSsn(run.Digits)
            && ((groups.Length == 3 && IsThreeTwoFour(groups)) || IsOneByOne(groups) || HasCue(text[..groups[0].Start]))
            ? Span(groups, 0, groups.Length - 1, SensitiveDigits.SsnMask)
            : null;
    }

    private static bool IsThreeTwoFour(ReadOnlySpan<DigitGroup> groups) => groups[0].Count == 3 && groups[1].Count == 2 && groups[2].Count == 4;

    /// <summary>As people read a number out: digit by digit, some as pairs ("forty-five", "double six"). Written pairs are a list of hours or prices.</summary>
    private static bool IsOneByOne(ReadOnlySpan<DigitGroup> groups)
    {
        foreach (var group in groups)
        {
            if (group.Count > (group.Spoken ? 2 : 1))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>No area 000, 666 or 900 to 999, no group 00, no serial 0000 was ever given out.</summary>
    private static bool IsSsn(ReadOnlySpan<byte> digits)
    {
        var area = (digits[0] * 100) + (digits[1] * 10) + digits[2];
        return area is > 0 and < 900 and not 666 && digits[3..5].ContainsAnyExcept((byte)0) && digits[5..].ContainsAnyExcept((byte)0);
    }

    private static bool HasCue(ReadOnlySpan<char> before)
    {
        var near = before[Math.Max(0, before.Length - CueReach)..];
        return near.Contains("social", StringComparison.OrdinalIgnoreCase) || near.Contains("SSN", StringComparison.OrdinalIgnoreCase);
    }

    private static DigitVerdict Span(ReadOnlySpan<DigitGroup> groups, int from, int to, string mask) => new(groups[from].Start, groups[to].End, mask);
}
