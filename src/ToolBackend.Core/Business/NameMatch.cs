using System.Diagnostics.CodeAnalysis;
using System.Text;
using ToolBackend.Core.Speech;

namespace ToolBackend.Core.Business;

/// <summary>Finds what a caller means among a few known names. Closed: one, several that fit, or none.</summary>
public abstract record NameMatch<T>
{
    private NameMatch()
    {
    }

    public sealed record One(T Item) : NameMatch<T>;

    public sealed record Several(IReadOnlyList<T> Items) : NameMatch<T>;

    public sealed record None : NameMatch<T>;
}

/// <summary>Matching by whole words: every word the caller said must begin a word of the name ("nguyen" finds "Doctor Alice Nguyen").</summary>
public static class NameMatcher
{
    private static readonly HashSet<string> s_titles = new(StringComparer.Ordinal) { "dr", "doctor", "mr", "mrs", "ms", "the", "a", "an", "appointment", "visit", "with", "for" };

    public static NameMatch<T> Find<T>(string spoken, IReadOnlyList<T> items, Func<T, string> nameOf)
    {
        var all = Words(spoken);
        var said = all.Where(w => !s_titles.Contains(w)).ToList();
        if (said.Count == 0)
        {
            // Nothing but filler: unless that is a name ("Visit"), nothing was said.
            return items.FirstOrDefault(i => Words(nameOf(i)).SequenceEqual(all, StringComparer.Ordinal)) is { } named && all.Count > 0
                ? new NameMatch<T>.One(named)
                : new NameMatch<T>.None();
        }

        // Joined, so that "checkup" and "check up" are both "Check-up".
        var exact = items.Where(i => string.Concat(Words(nameOf(i)).Where(w => !s_titles.Contains(w))) == string.Concat(said)).ToList();
        if (exact.Count == 1)
        {
            return new NameMatch<T>.One(exact[0]);
        }

        var found = items.Where(i => said.TrueForAll(s => Words(nameOf(i)).Exists(w => Begins(w, s)))).ToList();
        return found.Count switch
        {
            0 => new NameMatch<T>.None(),
            1 => new NameMatch<T>.One(found[0]),
            _ => new NameMatch<T>.Several(found),
        };
    }

    private static bool Begins(string word, string said) => word.StartsWith(said, StringComparison.Ordinal) || (word.Length > 3 && said.StartsWith(word, StringComparison.Ordinal));

    private static List<string> Words(string text)
    {
        var letters = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (char.IsLetterOrDigit(c))
            {
                letters.Append(PlainLetters.Of(c));
            }
            else if (!PlainLetters.IsSilent(c))
            {
                letters.Append(' ');
            }
        }

        return [.. letters.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries)];
    }
}
