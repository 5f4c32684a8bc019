namespace ToolBackend.Voice.Speaking;

internal enum Ending
{
    No,
    Yes,

    /// <summary>What follows decides.</summary>
    Open,
}

/// <summary>
/// Whether a full stop ends a sentence. Pure: looks at what is before it and at what is known of what follows.
/// <code>
/// word.            ends at once, unless a letter or digit is glued to it
/// 3.               what follows: a digit goes on; "1. " at the begin of a line is a list
/// Dr. e.g. J.      never ends
/// etc. p.m. Inc.   what follows: a capital ends it, anything else goes on
/// St.              the same; behind a street's name a capital ends it, before a saint's it does not
/// a@b. a.b.        what follows: white space ends it; so does any word where the sentence speaks of an address
/// ...              what follows, as for etc.
/// </code>
/// </summary>
internal static class FullStop
{
    /// <param name="text">From the begin of the chunk.</param>
    /// <param name="at">Of the full stop.</param>
    public static Ending At(ReadOnlySpan<char> text, int at)
    {
        var word = WordBefore(text, at);
        var next = at + 1 < text.Length ? text[at + 1] : '\0';
        if (next is '.' || word.IsEmpty)
        {
            // A run of dots is judged at its last; one that begins a chunk ends nothing.
            return Ending.No;
        }

        if (word[^1] == '.')
        {
            return ByCase(text, at + 1);
        }

        if (char.IsAsciiDigit(word[^1]))
        {
            return AfterDigit(text, at, word);
        }

        return next is not '\0' && char.IsLetterOrDigit(next) ? Ending.No : AfterWord(text, at, word);
    }

    private static Ending AfterDigit(ReadOnlySpan<char> text, int at, ReadOnlySpan<char> word)
    {
        if (at + 1 == text.Length)
        {
            return Ending.Open;
        }

        var isListMark = word.IndexOfAnyExceptInRange('0', '9') < 0 && text[..(at - word.Length)].TrimStart().IsEmpty;
        return char.IsLetterOrDigit(text[at + 1]) || isListMark ? Ending.No : Ending.Yes;
    }

    private static Ending AfterWord(ReadOnlySpan<char> text, int at, ReadOnlySpan<char> word)
    {
        if (ClauseWords.IsTitle(word) || (word is [var initial] && char.IsUpper(initial) && initial != 'I'))
        {
            return Ending.No;
        }

        if (ClauseWords.IsEither(word) || IsInitials(word))
        {
            var ending = ByCase(text, at + 1);
            return ending is Ending.Yes && word is "St" && !IsCapitalised(WordBefore(text, at - word.Length - 1)) ? Ending.No : ending;
        }

        var mayBeAddress = word.IndexOfAny('@', '.', '/') >= 0 || SpeaksOfAddress(text[..at]);
        return mayBeAddress && at + 1 == text.Length ? Ending.Open : Ending.Yes;
    }

    /// <summary>White space and a capital end it, white space and anything else do not.</summary>
    private static Ending ByCase(ReadOnlySpan<char> text, int next)
    {
        if (next >= text.Length)
        {
            return Ending.Open;
        }

        if (!char.IsWhiteSpace(text[next]))
        {
            return Ending.No;
        }

        var rest = text[next..].TrimStart();
        return rest.IsEmpty ? Ending.Open : char.IsUpper(rest[0]) || rest[0] is '"' or '\u201C' ? Ending.Yes : Ending.No;
    }

    /// <summary>p, p.m, U.S, N.A.S.A: single letters with full stops between.</summary>
    private static bool IsInitials(ReadOnlySpan<char> word)
    {
        for (var i = 0; i < word.Length; i++)
        {
            if (i % 2 == 0 ? !char.IsLetter(word[i]) : word[i] != '.')
            {
                return false;
            }
        }

        return word.Length % 2 == 1;
    }

    private static bool SpeaksOfAddress(ReadOnlySpan<char> text)
    {
        foreach (var range in text.SplitAny(' ', '\n', '\t', ',', ':', '\''))
        {
            if (ClauseWords.IsAddressHint(text[range]))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsCapitalised(ReadOnlySpan<char> word) => !word.IsEmpty && char.IsUpper(word[0]);

    /// <summary>Up to white space or an opening bracket or quote.</summary>
    internal static ReadOnlySpan<char> WordBefore(ReadOnlySpan<char> text, int end)
    {
        if (end <= 0)
        {
            return default;
        }

        var start = end;
        while (start > 0 && !char.IsWhiteSpace(text[start - 1]) && text[start - 1] is not ('(' or '[' or '"' or '\u201C' or '\u2018'))
        {
            start--;
        }

        return text[start..end];
    }
}
