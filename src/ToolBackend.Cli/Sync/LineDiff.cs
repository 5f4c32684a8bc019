namespace ToolBackend.Cli.Sync;

/// <summary>Which lines of a text went and which came, with a line of what surrounds them.</summary>
internal static class LineDiff
{
    private const int Context = 1;

    /// <summary>Beyond it the middle is shown as replaced: the table of all pairs would not be worth its memory.</summary>
    private const int MostPairs = 4_000_000;

    /// <summary>Lines with <c>+ </c>, <c>- </c> or two blanks before them; <c>...</c> stands for lines that did not change.</summary>
    public static IReadOnlyList<string> Of(string before, string after)
    {
        var (old, now) = (before.Split('\n'), after.Split('\n'));
        var start = 0;
        while (start < old.Length && start < now.Length && old[start] == now[start])
        {
            start++;
        }

        var end = 0;
        while (end < old.Length - start && end < now.Length - start && old[^(end + 1)] == now[^(end + 1)])
        {
            end++;
        }

        var marked = new List<(char Mark, string Line)>();
        marked.AddRange(old[..start].Select(line => (' ', line)));
        marked.AddRange(Middle(old[start..(old.Length - end)], now[start..(now.Length - end)]));
        marked.AddRange(old[(old.Length - end)..].Select(line => (' ', line)));
        return Folded(marked);
    }

    private static IEnumerable<(char, string)> Middle(string[] old, string[] now)
    {
        if ((long)old.Length * now.Length > MostPairs)
        {
            return old.Select(line => ('-', line)).Concat(now.Select(line => ('+', line)));
        }

        // Longest common subsequence, from the end, so that it can be walked from the start.
        var common = new int[old.Length + 1, now.Length + 1];
        for (var i = old.Length - 1; i >= 0; i--)
        {
            for (var j = now.Length - 1; j >= 0; j--)
            {
                common[i, j] = old[i] == now[j] ? common[i + 1, j + 1] + 1 : Math.Max(common[i + 1, j], common[i, j + 1]);
            }
        }

        return Walk(old, now, common);
    }

    private static IEnumerable<(char, string)> Walk(string[] old, string[] now, int[,] common)
    {
        int i = 0, j = 0;
        while (i < old.Length || j < now.Length)
        {
            if (i < old.Length && j < now.Length && old[i] == now[j])
            {
                yield return (' ', old[i++]);
                j++;
            }
            else if (j == now.Length || (i < old.Length && common[i + 1, j] >= common[i, j + 1]))
            {
                yield return ('-', old[i++]);
            }
            else
            {
                yield return ('+', now[j++]);
            }
        }
    }

    private static List<string> Folded(List<(char Mark, string Line)> marked)
    {
        var shown = new List<string>();
        var isFolding = false;
        for (var i = 0; i < marked.Count; i++)
        {
            var isNear = Enumerable.Range(i - Context, (2 * Context) + 1).Any(at => at >= 0 && at < marked.Count && marked[at].Mark != ' ');
            if (isNear)
            {
                shown.Add($"{marked[i].Mark} {marked[i].Line}");
            }
            else if (!isFolding)
            {
                shown.Add("...");
            }

            isFolding = !isNear;
        }

        return shown;
    }
}
