using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace ToolBackend.Voice.Speaking;

/// <summary>Where in the spoken text a piece of markup stands.</summary>
/// <param name="LineStart">Nothing was written on this line yet.</param>
/// <param name="SentenceStart">Nothing was written since the last sentence's end.</param>
/// <param name="Before">The last character that was kept; NUL for none.</param>
internal readonly record struct MarkupPlace(bool LineStart, bool SentenceStart, char Before);

/// <summary>What is to be done with the begin of a text.</summary>
/// <param name="Taken">Characters dealt with; 0: more of the text must be seen first.</param>
/// <param name="Kept">What of them is spoken, as a range of the text.</param>
internal readonly record struct MarkupStep(int Taken, Range Kept)
{
    internal static readonly MarkupStep MoreNeeded = new(0, 0..0);

    internal static MarkupStep Drop(int taken) => new(taken, 0..0);

    internal static MarkupStep Keep(int taken, int from, int to) => new(taken, from..to);
}

/// <summary>Recognises what is written for the eye. Pure: each step looks at the begin of the text that is left, and says when it must see more.</summary>
internal static class Markup
{
    private const int LongestTag = 64;
    private const int LongestDirection = 80;
    private const int LongestLink = 400;

    /// <summary>First words of stage directions wherever they stand.</summary>
    private static readonly FrozenSet<string> s_directions = new[]
    {
        "laughs", "laughing", "chuckles", "chuckling", "sighs", "sighing", "smiles", "smiling", "nods", "nodding", "whispers", "whispering", "coughs", "clears", "pauses", "pause", "breathes",
        "gasps", "giggles", "grins", "winks", "shrugs", "typing", "types", "checks", "checking", "hums", "thinking", "thinks", "beat", "silence",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <param name="text">What is left; not empty.</param>
    /// <param name="final">Nothing follows.</param>
    public static MarkupStep Next(ReadOnlySpan<char> text, MarkupPlace place, bool final) => text[0] switch
    {
        '<' => Tag(text, final),
        '[' => Bracket(text, final),
        ']' => BracketEnd(text, final),
        '*' => Asterisk(text, place, final),
        '_' => Underscore(text, place, final),
        '-' or '+' when place.LineStart => Dashes(text, final),
        '#' when place.LineStart => Heading(text, final),
        >= '0' and <= '9' when place.LineStart => ListNumber(text, final),
        '`' or '~' or '\u2022' or '>' or '|' => MarkupStep.Drop(1),
        _ => Letter(text, final),
    };

    private static MarkupStep Tag(ReadOnlySpan<char> text, bool final)
    {
        if (text.Length == 1)
        {
            return final ? MarkupStep.Drop(1) : MarkupStep.MoreNeeded;
        }

        if (!char.IsAsciiLetter(text[1]) && text[1] is not '/')
        {
            return MarkupStep.Drop(1);
        }

        var end = text[..Math.Min(text.Length, LongestTag)].IndexOf('>');
        return end > 0 ? MarkupStep.Drop(end + 1) : text.Length >= LongestTag || final ? MarkupStep.Drop(1) : MarkupStep.MoreNeeded;
    }

    /// <summary><c>[sighs]</c> is not spoken at all; other brackets lose their marks.</summary>
    private static MarkupStep Bracket(ReadOnlySpan<char> text, bool final)
    {
        var word = WordEnd(text);
        if (word == text.Length && !final)
        {
            return text.Length > LongestDirection ? MarkupStep.Drop(1) : MarkupStep.MoreNeeded;
        }

        if (!IsDirection(text[1..word]))
        {
            return MarkupStep.Drop(1);
        }

        var end = text[..Math.Min(text.Length, LongestDirection)].IndexOfAny(']', '\n');
        return end > 0 ? MarkupStep.Drop(text[end] is ']' ? end + 1 : 1) : text.Length >= LongestDirection || final ? MarkupStep.Drop(1) : MarkupStep.MoreNeeded;
    }

    /// <summary>The address behind a link's text is not spoken.</summary>
    private static MarkupStep BracketEnd(ReadOnlySpan<char> text, bool final)
    {
        if (text.Length == 1)
        {
            return final ? MarkupStep.Drop(1) : MarkupStep.MoreNeeded;
        }

        if (text[1] is not '(')
        {
            return MarkupStep.Drop(1);
        }

        var end = text[..Math.Min(text.Length, LongestLink)].IndexOfAny(')', '\n');
        return end > 0 ? MarkupStep.Drop(text[end] is ')' ? end + 1 : 1) : text.Length >= LongestLink || final ? MarkupStep.Drop(1) : MarkupStep.MoreNeeded;
    }

    /// <summary>Emphasis and bullets lose their marks; <c>*sighs*</c> is not spoken at all.</summary>
    private static MarkupStep Asterisk(ReadOnlySpan<char> text, MarkupPlace place, bool final)
    {
        if (text.Length == 1)
        {
            return final ? MarkupStep.Drop(1) : MarkupStep.MoreNeeded;
        }

        if (!char.IsLetter(text[1]))
        {
            return MarkupStep.Drop(text[1] is '*' ? 2 : 1);
        }

        var word = WordEnd(text);
        if (word == text.Length && !final)
        {
            return text.Length > LongestDirection ? MarkupStep.Drop(1) : MarkupStep.MoreNeeded;
        }

        if (!IsDirection(text[1..word]) && !(place.SentenceStart && char.IsLower(text[1])))
        {
            return MarkupStep.Drop(1);
        }

        var end = text[1..Math.Min(text.Length, LongestDirection)].IndexOfAny('*', '\n') + 1;
        return end > 0 ? MarkupStep.Drop(text[end] is '*' ? end + 1 : 1)
            : text.Length >= LongestDirection || final ? MarkupStep.Drop(1) : MarkupStep.MoreNeeded;
    }

    /// <summary>Inside a word, as in an address, it is a letter.</summary>
    private static MarkupStep Underscore(ReadOnlySpan<char> text, MarkupPlace place, bool final)
    {
        if (!char.IsLetterOrDigit(place.Before))
        {
            return MarkupStep.Drop(1);
        }

        return text.Length > 1 ? char.IsLetterOrDigit(text[1]) ? MarkupStep.Keep(1, 0, 1)
            : MarkupStep.Drop(1) : final ? MarkupStep.Drop(1) : MarkupStep.MoreNeeded;
    }

    private static MarkupStep Dashes(ReadOnlySpan<char> text, bool final)
    {
        var run = text.IndexOfAnyExcept(text[0]);
        run = run < 0 ? text.Length : run;
        if (run == text.Length && !final)
        {
            return run > LongestTag ? MarkupStep.Drop(run) : MarkupStep.MoreNeeded;
        }

        return run > 2 || run == text.Length || char.IsWhiteSpace(text[run]) ? MarkupStep.Drop(run) : MarkupStep.Keep(run, 0, run);
    }

    private static MarkupStep Heading(ReadOnlySpan<char> text, bool final)
    {
        var run = text.IndexOfAnyExcept('#');
        if (run < 0)
        {
            return final || text.Length > 6 ? MarkupStep.Drop(text.Length) : MarkupStep.MoreNeeded;
        }

        return char.IsWhiteSpace(text[run]) ? MarkupStep.Drop(run) : MarkupStep.Keep(run, 0, run);
    }

    /// <summary>"1. " and "2) " at a line's begin.</summary>
    private static MarkupStep ListNumber(ReadOnlySpan<char> text, bool final)
    {
        var digits = text.IndexOfAnyExceptInRange('0', '9');
        digits = digits < 0 ? text.Length : digits;
        if (digits > 2)
        {
            return MarkupStep.Keep(digits, 0, digits);
        }

        if (digits + 1 >= text.Length && !final && (digits == text.Length || text[digits] is '.' or ')'))
        {
            return MarkupStep.MoreNeeded;
        }

        var isMark = digits + 1 < text.Length && text[digits] is '.' or ')' && text[digits + 1] is ' ' or '\t';
        return isMark ? MarkupStep.Drop(digits + 1) : MarkupStep.Keep(digits, 0, digits);
    }

    /// <summary>Letters, digits and punctuation stay; emoji, private letters, invisible marks and control characters do not.</summary>
    private static MarkupStep Letter(ReadOnlySpan<char> text, bool final)
    {
        if (char.IsHighSurrogate(text[0]) && text.Length == 1)
        {
            return final ? MarkupStep.Drop(1) : MarkupStep.MoreNeeded;
        }

        if (Rune.DecodeFromUtf16(text, out var rune, out var length) is not System.Buffers.OperationStatus.Done)
        {
            return MarkupStep.Drop(length);
        }

        if (rune.Value is '\n' or '\t' or '\r' or '\u00B0')
        {
            return MarkupStep.Keep(1, 0, 1);
        }

        return Rune.GetUnicodeCategory(rune) is UnicodeCategory.OtherSymbol or UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse or UnicodeCategory.Surrogate
            or UnicodeCategory.OtherNotAssigned or UnicodeCategory.EnclosingMark or UnicodeCategory.ModifierSymbol || rune.Value is >= 0xFE00 and <= 0xFE0F
            ? MarkupStep.Drop(length)
            : MarkupStep.Keep(length, 0, length);
    }

    private static bool IsDirection(ReadOnlySpan<char> word) => s_directions.GetAlternateLookup<ReadOnlySpan<char>>().Contains(word);

    /// <summary>End of the word behind the mark at the begin.</summary>
    private static int WordEnd(ReadOnlySpan<char> text)
    {
        var end = 1;
        while (end < text.Length && char.IsLetter(text[end]))
        {
            end++;
        }

        return end;
    }
}
