namespace ToolBackend.Core.Speech;

/// <param name="Code">The caller's own code that was meant, or null.</param>
/// <param name="Confidence">1 for an exact match; each unit of distance takes 0.4 off; 0 for none.</param>
public readonly record struct NearMissMatch(string? Code, double Confidence)
{
    public bool IsExact => Confidence >= 1;
}

/// <summary>
/// Finds the code that a caller meant among those that are theirs: never among anybody else's, or a slip of the tongue would show a stranger's parcel.
/// Distance: a swap of two characters that sound or look alike 0.35, of two neighbours 0.7, a repeat dropped or added 0.7, anything else 1.
/// Accepted up to 0.7 for codes of at most 4 characters, 1.05 up to 7, 1.5 beyond; and only when the second best own code is
/// at least 0.6 further away.
/// </summary>
public static class NearMiss
{
    private const double Alike = 0.35;
    private const double Swap = 0.7;
    private const double Repeat = 0.7;
    private const double Lead = 0.6;
    private const double ConfidencePerUnit = 0.4;

    /// <summary>Groups that are confused by ear, over the phone, or by eye.</summary>
    private static readonly string[] Groups = ["BDPTVE3CZG", "MN", "FSX", "59", "IY", "A8H", "AJK", "O0", "I1", "S5", "B8", "QU", "Z2", "L1"];

    /// <summary>For one reading.</summary>
    public static NearMissMatch Find(string code, IReadOnlyCollection<string> ownCodes) => Find([code], ownCodes);

    /// <summary>For all readings of <see cref="SpokenCode.Candidates"/>. Own codes are compared by their letters and digits only, any case.</summary>
    public static NearMissMatch Find(IReadOnlyList<string> candidates, IReadOnlyCollection<string> ownCodes)
    {
        var own = ownCodes.Select(static o => (Original: o, Plain: Plain(o))).Where(static o => o.Plain.Length > 0).DistinctBy(static o => o.Plain).ToList();
        var said = candidates.Select(Plain).Where(static c => c.Length is > 0 and <= SpokenCode.MaxLength).ToList();
        foreach (var candidate in said)
        {
            if (own.Find(o => o.Plain == candidate) is { Original: not null } exact)
            {
                return new NearMissMatch(exact.Original, 1);
            }
        }

        var ranked = own
            .Select(o => (o.Original, o.Plain.Length, Distance: said.Select(c => Distance(c, o.Plain)).DefaultIfEmpty(double.MaxValue).Min()))
            .OrderBy(static r => r.Distance)
            .Take(2)
            .ToList();
        var unique = ranked.Count == 1 || (ranked.Count == 2 && ranked[1].Distance - ranked[0].Distance >= Lead);
        return unique && ranked[0].Distance <= Threshold(ranked[0].Length) + 1e-9
            ? new NearMissMatch(ranked[0].Original, 1 - (ranked[0].Distance * ConfidencePerUnit))
            : default;
    }

    /// <summary>Weighted edit distance with transposition of neighbours; 0 only for equal codes.</summary>
    public static double Distance(string said, string own)
    {
        var rows = new double[said.Length + 1, own.Length + 1];
        for (var i = 0; i <= said.Length; i++)
        {
            for (var j = 0; j <= own.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    rows[i, j] = i + j;
                    continue;
                }

                var best = Math.Min(
                    rows[i - 1, j - 1] + Substitution(said[i - 1], own[j - 1]),
                    Math.Min(
                        rows[i - 1, j] + (i > 1 && said[i - 1] == said[i - 2] ? Repeat : 1),
                        rows[i, j - 1] + (j > 1 && own[j - 1] == own[j - 2] ? Repeat : 1)));
                var swapped = i > 1 && j > 1 && said[i - 1] == own[j - 2] && said[i - 2] == own[j - 1];
                rows[i, j] = swapped ? Math.Min(best, rows[i - 2, j - 2] + Swap) : best;
            }
        }

        return rows[said.Length, own.Length];
    }

    private static double Substitution(char a, char b) =>
        a == b ? 0 : Array.Exists(Groups, g => g.Contains(a) && g.Contains(b)) ? Alike : 1;

    private static double Threshold(int length) => length switch
    {
        <= 4 => 0.7,
        <= 7 => 1.05,
        _ => 1.5,
    };

    private static string Plain(string code) => string.Concat(code.Where(char.IsAsciiLetterOrDigit).Select(char.ToUpperInvariant));
}
