namespace ToolBackend.Vapi.Definitions;

/// <summary>"Did you mean": the known name that is fewest edits away, when that is few for its length.</summary>
public static class NearestName
{
    private const int Longest = 64;

    public static string? Of(string written, IEnumerable<string> known)
    {
        if (written.Length is 0 or > Longest)
        {
            return null;
        }

        string? nearest = null;
        var best = Math.Max(1, written.Length / 3) + 1;
        foreach (var name in known.Where(name => name.Length <= Longest))
        {
            var edits = Edits(written, name);
            if (edits < best)
            {
                (nearest, best) = (name, edits);
            }
        }
        return nearest;
    }

    // Optimal string alignment: insertions, deletions, replacements and swaps of neighbours; letter case does not count.
    private static int Edits(string a, string b)
    {
        Span<int> beforeLast = stackalloc int[b.Length + 1];
        Span<int> last = stackalloc int[b.Length + 1];
        Span<int> row = stackalloc int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++)
        {
            last[j] = j;
        }
        for (var i = 1; i <= a.Length; i++)
        {
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var same = char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]) ? 0 : 1;
                row[j] = Math.Min(Math.Min(row[j - 1], last[j]) + 1, last[j - 1] + same);
                if (i > 1 && j > 1 && char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 2]) && char.ToLowerInvariant(a[i - 2]) == char.ToLowerInvariant(b[j - 1]))
                {
                    row[j] = Math.Min(row[j], beforeLast[j - 2] + 1);
                }
            }
            last.CopyTo(beforeLast);
            row.CopyTo(last);
        }
        return last[b.Length];
    }
}
