using System.Buffers;

namespace ToolBackend.Voice.Speaking;

/// <summary>Where a text that still grows is cut. Pure.</summary>
internal static class ClauseBoundary
{
    private const string Closers = "\"')]\u201D\u2019";

    /// <summary>Marks of amounts and addresses, and those that tie words together.</summary>
    private static readonly SearchValues<char> s_joining = SearchValues.Create("@$\u20AC\u00A3#&/+=-0123456789");

    /// <summary>Whether nothing more comes, or comes soon.</summary>
    internal enum More
    {
        Comes,
        Pauses,
        Never,
    }

    /// <summary>Length of the next chunk; 0 when it is not known yet. Every decision looks only at what is before a place and at the few characters behind it that it must know.</summary>
    /// <param name="first">Nothing of this reply was given yet: a clause is enough.</param>
    public static int Find(ReadOnlySpan<char> text, bool first, More more, ClauseChunkerOptions options, out bool endsSentence)
    {
        var words = 0;
        endsSentence = false;
        var content = text.Length - text.TrimStart().Length;
        for (var i = content; i < text.Length; i++)
        {
            var ending = Sentence(text, i, out var length);
            if (ending is Ending.Open && more is More.Comes)
            {
                return 0;
            }

            if (ending is Ending.Yes || (ending is Ending.Open && i + 1 == text.TrimEnd().Length))
            {
                endsSentence = true;
                return length;
            }

            if (i > content && char.IsWhiteSpace(text[i]) && !char.IsWhiteSpace(text[i - 1]))
            {
                words++;
            }

            if (!first && i - content < options.LongestSentence)
            {
                continue;
            }

            ending = Clause(text, i, words, i - content, options);
            if (ending is Ending.Open && more is More.Comes)
            {
                return 0;
            }

            if (ending is Ending.Yes)
            {
                return i + 1;
            }
        }

        return more switch
        {
            More.Never => text.Length,
            More.Pauses => LastLooseEnd(text),
            _ => 0,
        };
    }

    private static Ending Sentence(ReadOnlySpan<char> text, int at, out int length)
    {
        length = at + 1;
        switch (text[at])
        {
            case '\n':
            case '\u3002':
                return Ending.Yes;
            case '.':
                var ending = FullStop.At(text, at);
                length = ending is Ending.Yes ? WithClosers(text, at + 1) : length;
                return ending;
            case '?' or '!' or '\u2026':
                length = WithClosers(text, at + 1);
                // "?a=1" of an address.
                return length < text.Length && char.IsLetterOrDigit(text[length]) && length == at + 1 ? Ending.No : Ending.Yes;
            default:
                return Ending.No;
        }
    }

    /// <summary>Quotes, brackets and further marks that are there already belong to the sentence.</summary>
    private static int WithClosers(ReadOnlySpan<char> text, int end)
    {
        while (end < text.Length && (Closers.Contains(text[end], StringComparison.Ordinal) || text[end] is '?' or '!' or '.'))
        {
            end++;
        }

        return end;
    }

    /// <summary>Whether the text may be cut behind this character without a sentence's end.</summary>
    private static Ending Clause(ReadOnlySpan<char> text, int at, int words, int length, ClauseChunkerOptions options)
    {
        var c = text[at];
        if (char.IsWhiteSpace(c))
        {
            return words >= options.FirstWords && length >= options.FirstCharacters && IsLoose(LastWord(text, at)) ? Ending.Yes : Ending.No;
        }

        if (c is not (',' or ';' or ':' or '\u2014' or '\u2013') || (length + 1 < options.FirstCharacters && words + 1 < options.FirstWords))
        {
            return Ending.No;
        }

        var word = FullStop.WordBefore(text, at);
        if (word.IsEmpty || ClauseWords.IsCalendar(word) || word is "http" or "https")
        {
            return Ending.No;
        }

        return char.IsAsciiDigit(word[^1]) ? AfterDigit(text, at + 1) : Ending.Yes;
    }

    /// <summary>1,200 and 2:30 go on, and so does "March 3, 2026".</summary>
    private static Ending AfterDigit(ReadOnlySpan<char> text, int next)
    {
        var rest = next < text.Length ? text[next..].TrimStart() : default;
        return rest.IsEmpty ? Ending.Open : char.IsLetter(rest[0]) && char.IsWhiteSpace(text[next]) ? Ending.Yes : Ending.No;
    }

    private static ReadOnlySpan<char> LastWord(ReadOnlySpan<char> text, int at) => FullStop.WordBefore(text, text[..at].TrimEnd().Length);

    /// <summary>Nothing that follows belongs to it: no article, no part of a number, a date, a name with a title or a spelled word.</summary>
    private static bool IsLoose(ReadOnlySpan<char> word)
    {
        var bare = word.TrimEnd(",;:");
        return bare.Length > 1
            && !bare.ContainsAny(s_joining)
            && bare[^1] is not '.'
            && !ClauseWords.IsLeading(bare) && !ClauseWords.IsNumber(bare) && !ClauseWords.IsCalendar(bare) && !ClauseWords.IsTitle(bare);
    }

    /// <summary>The last place where a model that paused may be cut: behind a whole word that stands alone. 0 for none.</summary>
    private static int LastLooseEnd(ReadOnlySpan<char> text)
    {
        for (var i = text.Length - 1; i > 0; i--)
        {
            if (char.IsWhiteSpace(text[i]) && !char.IsWhiteSpace(text[i - 1]) && IsLoose(LastWord(text, i)))
            {
                return i + 1;
            }
        }

        return 0;
    }
}
