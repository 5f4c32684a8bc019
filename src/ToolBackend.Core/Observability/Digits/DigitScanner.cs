using System.Buffers;

namespace ToolBackend.Core.Observability.Digits;

/// <summary>
/// Walks a text once and yields its rows of digits. A row goes on over up to three separators (space, dash, dot, comma, slash) and up to two
/// words such as "and"; anything else ends it. Digits that touch a letter belong to a word or an id and are no digits here.
/// </summary>
internal ref struct DigitScanner(ReadOnlySpan<char> text)
{
    private const int MaxGap = 3;
    private const int MaxFillers = 2;
    private const int UuidLength = 36;

    private static readonly SearchValues<char> s_endsOfAddress = SearchValues.Create(" \t\r\n\"'<>");

    private readonly ReadOnlySpan<char> text = text;
    private int at;
    private int gap;
    private int fillers;
    private int times;
    private int timesStart;
    private bool afterTens;

    /// <summary>Nothing but separators stands behind the last run.</summary>
    public bool AtEnd { get; private set; }

    /// <summary>False at the end of the text.</summary>
    public bool NextRun(scoped ref DigitRun run)
    {
        Reset(ref run);
        while (at < text.Length)
        {
            var c = text[at];
            var goesOn = c switch
            {
                _ when IsDigit(c) => TakeDigits(ref run),
                _ when char.IsAsciiLetter(c) => TakeWord(ref run),
                '\u200B' or '\u200C' or '\u200D' or '\u2060' or '\uFEFF' or '\u00AD' => Pass(1),
                _ when IsSeparator(c) => TakeSeparator(run),
                _ => TakeOther(ref run, c),
            };
            if (!goesOn)
            {
                return true;
            }
        }

        AtEnd = true;
        return !run.IsEmpty;
    }

    private bool TakeDigits(scoped ref DigitRun run)
    {
        var end = at + 1;
        while (end < text.Length && IsDigit(text[end]))
        {
            end++;
        }

        if (IsGlued(at, end) || IsUuid())
        {
            return Break(ref run, IsUuid() ? at + UuidLength : EndOfToken(end));
        }

        if (times > 1 && end == at + 1)
        {
            run.AddSpoken(System.Globalization.CharUnicodeInfo.GetDecimalDigitValue(text[at]), times, timesStart, end);
        }
        else
        {
            run.AddWritten(text, at, end, joined: gap == 1 && fillers == 0 && text[at - 1] is not ('/' or ','));
        }

        return Taken(end, tens: false);
    }

    private bool TakeWord(scoped ref DigitRun run)
    {
        var end = at + 1;
        while (end < text.Length && char.IsAsciiLetter(text[end]))
        {
            end++;
        }

        if (IsUuid())
        {
            return Break(ref run, at + UuidLength);
        }

        if (text[end..].StartsWith("://"))
        {
            var length = text[end..].IndexOfAny(s_endsOfAddress);
            return Break(ref run, length < 0 ? text.Length : end + length);
        }

        if (end < text.Length && (IsDigit(text[end]) || text[end] == '_'))
        {
            return Break(ref run, EndOfToken(end));
        }

        var (kind, value) = DigitWords.Of(text[at..end]);
        switch (kind)
        {
            case DigitWordKind.Digit when afterTens && gap == 1 && value > 0:
                run.Replace(value, end);
                return Taken(end, tens: false);
            case DigitWordKind.Digit or DigitWordKind.Teen or DigitWordKind.Tens:
                run.AddSpoken(value, times, times > 1 ? timesStart : at, end);
                return Taken(end, tens: kind == DigitWordKind.Tens && times == 1);
            case DigitWordKind.Times:
                (times, timesStart) = (value, at);
                return Pass(end - at);
            case DigitWordKind.Filler when run.IsEmpty || ++fillers <= MaxFillers:
                (gap, times, afterTens) = (0, 1, false);
                return Pass(end - at);
            default:
                return Break(ref run, end);
        }
    }

    private bool TakeSeparator(scoped in DigitRun run) => (run.IsEmpty || ++gap <= MaxGap) && Pass(1);

    private bool TakeOther(scoped ref DigitRun run, char c)
    {
        if (c == '+' && run.IsEmpty && at + 1 < text.Length && IsDigit(text[at + 1]))
        {
            run.MarkInternational();
            return Pass(1);
        }

        return Break(ref run, at + 1);
    }

    /// <summary>Ends the run, or passes over what is no run when there is none yet.</summary>
    private bool Break(scoped ref DigitRun run, int next)
    {
        if (!run.IsEmpty)
        {
            return false;
        }

        Reset(ref run);
        at = next;
        return true;
    }

    private bool Taken(int end, bool tens)
    {
        (at, gap, fillers, times, afterTens) = (end, 0, 0, 1, tens);
        return true;
    }

    private bool Pass(int count)
    {
        at += count;
        return true;
    }

    private void Reset(scoped ref DigitRun run)
    {
        run.Clear();
        (gap, fillers, times, afterTens) = (0, 0, 1, false);
    }

    /// <summary>A letter that belongs to an escape (\n in text that was escaped twice) does not count.</summary>
    private readonly bool IsGlued(int start, int end) =>
        (start > 0 && IsWordCharacter(text[start - 1]) && !(start > 1 && text[start - 2] == '\\')) || (end < text.Length && IsWordCharacter(text[end]));

    private readonly int EndOfToken(int from)
    {
        while (from < text.Length && (IsWordCharacter(text[from]) || IsDigit(text[from])))
        {
            from++;
        }

        return from;
    }

    private readonly bool IsUuid()
    {
        if (text.Length - at < UuidLength || text[at + 8] != '-' || (at > 0 && char.IsAsciiLetterOrDigit(text[at - 1])))
        {
            return false;
        }

        return Guid.TryParseExact(text.Slice(at, UuidLength), "D", out _) && (at + UuidLength == text.Length || !char.IsAsciiLetterOrDigit(text[at + UuidLength]));
    }

    private static bool IsDigit(char c) => char.IsAsciiDigit(c) || (c > 127 && char.IsDigit(c));

    private static bool IsWordCharacter(char c) => char.IsAsciiLetter(c) || c == '_';

    private static bool IsSeparator(char c) => c is ' ' or '-' or '.' or ',' or '/' or '\t' or '\r' or '\n' or '\u00A0' or (>= '\u2000' and <= '\u200A') or (>= '\u2010' and <= '\u2015') or '\u202F';
}
