namespace ToolBackend.Voice.Transcription;

/// <summary>Where the words of a second hearing begin in those of the first. Pure. Letters and digits count, case and punctuation do not.</summary>
internal static class WordOverlap
{
    private const int Match = 2;
    private const int Miss = -1;

    /// <param name="Start">Words of the first before the second begins.</param>
    /// <param name="Left">Words of the first behind the second's end: the second has not come so far yet.</param>
    internal readonly record struct Place(int Start, int Left);

    /// <summary>The place with the best alignment, words missed, added and heard otherwise allowed; null when nothing fits.</summary>
    public static Place? Find(IReadOnlyList<string> first, IReadOnlyList<string> second)
    {
        if (first.Count == 0 || second.Count == 0)
        {
            return null;
        }

        // Row by row over the first; a cell holds the best score of an alignment that ends here and where in the first it began. It may begin anywhere in the first, but with the second's first word.
        var above = new (int Score, int Start)[second.Count + 1];
        var row = new (int Score, int Start)[second.Count + 1];
        for (var j = 0; j <= second.Count; j++)
        {
            above[j] = (j * Miss, 0);
        }

        var (best, place) = (0, default(Place?));
        for (var i = 1; i <= first.Count; i++)
        {
            row[0] = (0, i);
            for (var j = 1; j <= second.Count; j++)
            {
                var diagonal = (above[j - 1].Score + (Same(first[i - 1], second[j - 1]) ? Match : Miss), above[j - 1].Start);
                var missed = (above[j].Score + Miss, above[j].Start);
                var added = (row[j - 1].Score + Miss, row[j - 1].Start);
                row[j] = Better(Better(diagonal, missed), added);
                if ((i == first.Count || j == second.Count) && row[j].Score > best)
                {
                    best = row[j].Score;
                    place = new Place(row[j].Start, first.Count - i);
                }
            }

            (above, row) = (row, above);
        }

        return place;
    }

    private static (int Score, int Start) Better((int Score, int Start) one, (int Score, int Start) other) => other.Score > one.Score ? other : one;

    private static bool Same(string one, string other)
    {
        var (i, j) = (0, 0);
        while (true)
        {
            i = NextLetter(one, i);
            j = NextLetter(other, j);
            if (i == one.Length || j == other.Length)
            {
                return i == one.Length && j == other.Length && i + j > 0;
            }

            if (char.ToUpperInvariant(one[i++]) != char.ToUpperInvariant(other[j++]))
            {
                return false;
            }
        }
    }

    private static int NextLetter(string word, int at)
    {
        while (at < word.Length && !char.IsLetterOrDigit(word[at]))
        {
            at++;
        }

        return at;
    }
}
