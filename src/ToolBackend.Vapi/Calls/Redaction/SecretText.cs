using System.Buffers;
using ToolBackend.Core.Observability;

namespace ToolBackend.Vapi.Calls.Redaction;

/// <summary>
/// Takes secrets out of text that is not JSON as a whole: what follows a secret's name and a colon or an equals sign (JSON that was cut off, header lines,
/// forms) and what follows "Bearer" or "Basic". What people say is left alone: without quotes the value must look like one that a machine made.
/// </summary>
internal static class SecretText
{
    private const int ProseLength = 12;
    private static readonly SearchValues<char> s_marks = SearchValues.Create(":=");
    private static readonly SearchValues<string> s_schemes = SearchValues.Create(["Bearer ", "Basic "], StringComparison.OrdinalIgnoreCase);

    /// <summary>Null when there is none.</summary>
    public static string? MaskOrNull(ReadOnlySpan<char> text)
    {
        var named = MaskNamed(text);
        return MaskSchemes(named ?? text) ?? named;
    }

    private static string? MaskNamed(ReadOnlySpan<char> text)
    {
        var masked = default(MaskedText);
        for (var from = 0; from < text.Length;)
        {
            var found = text[from..].IndexOfAny(s_marks);
            if (found < 0)
            {
                break;
            }

            var mark = from + found;
            from = mark + 1;
            if (SecretNames.IsSecret(NameBefore(text, mark)) && ValueAfter(text, mark) is { Length: > 0 } value)
            {
                masked.Replace(text, value.Start, value.End, Sensitive.Mask);
                from = value.End;
            }
        }

        return masked.Finish(text);
    }

    private static string? MaskSchemes(ReadOnlySpan<char> text)
    {
        var masked = default(MaskedText);
        for (var from = 0; from < text.Length;)
        {
            var found = text[from..].IndexOfAny(s_schemes);
            if (found < 0)
            {
                break;
            }

            var start = from + found + text[(from + found)..].IndexOf(' ') + 1;
            from = EndOfToken(text, start);
            if (LooksMade(text[start..from]))
            {
                masked.Replace(text, start, from, Sensitive.Mask);
            }
        }

        return masked.Finish(text);
    }

    private static ReadOnlySpan<char> NameBefore(ReadOnlySpan<char> text, int mark)
    {
        var end = mark;
        while (end > 0 && text[end - 1] is ' ' or '"' or '\\' or '\'')
        {
            end--;
        }

        var start = end;
        while (start > 0 && (char.IsAsciiLetterOrDigit(text[start - 1]) || text[start - 1] is '-' or '_'))
        {
            start--;
        }

        return text[start..end];
    }

    private static TextSpan ValueAfter(ReadOnlySpan<char> text, int mark)
    {
        var start = mark + 1;
        while (start < text.Length && char.IsWhiteSpace(text[start]))
        {
            start++;
        }

        if (start == text.Length || text[start..].StartsWith(Sensitive.Mask))
        {
            return default;
        }

        if (text[start] is '{' or '[')
        {
            // What it holds cannot be told apart from what follows it.
            return new TextSpan(start, text.Length);
        }

        var isEscaped = text[start..].StartsWith("\\\"");
        if (isEscaped || text[start] is '"')
        {
            start += isEscaped ? 2 : 1;
            return text[start..].StartsWith(Sensitive.Mask) ? default : new TextSpan(start, EndOfQuoted(text, start, isEscaped));
        }

        var end = EndOfToken(text, start);
        var value = text[start..end];
        if (value.Equals("Bearer", StringComparison.OrdinalIgnoreCase) || value.Equals("Basic", StringComparison.OrdinalIgnoreCase))
        {
            end = EndOfToken(text, Math.Min(text.Length, end + 1));
        }

        return text[mark] == '=' || LooksMade(value) || end > start + value.Length ? new TextSpan(start, end) : default;
    }

    private static int EndOfQuoted(ReadOnlySpan<char> text, int from, bool isEscaped)
    {
        for (var i = from; i < text.Length; i++)
        {
            if (text[i] == '\\' && !isEscaped)
            {
                i++;
            }
            else if (isEscaped ? text[i..].StartsWith("\\\"") : text[i] == '"')
            {
                return i;
            }
        }

        return text.Length;
    }

    private static int EndOfToken(ReadOnlySpan<char> text, int from)
    {
        while (from < text.Length && !char.IsWhiteSpace(text[from]) && text[from] is not (',' or ';' or '&' or '"' or '\'' or '}' or ']' or ')' or '<'))
        {
            from++;
        }

        return from;
    }

    private static bool LooksMade(ReadOnlySpan<char> value) => value.Length >= ProseLength || value.ContainsAnyInRange('0', '9');

    private readonly record struct TextSpan(int Start, int End)
    {
        public int Length => End - Start;
    }
}
