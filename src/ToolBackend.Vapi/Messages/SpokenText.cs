using System.Text;

namespace ToolBackend.Vapi.Messages;

/// <summary>Makes a text fit for a result: Vapi drops results with line breaks, and nobody listens to more than a few sentences.</summary>
public static class SpokenText
{
    /// <summary>Longest text that is sent, in UTF-16 units.</summary>
    public const int MaxLength = 4000;

    /// <summary>
    /// One line, at most <see cref="MaxLength"/> long: control characters and line separators become single spaces, halves of a surrogate pair
    /// U+FFFD; a longer text is cut behind its last full sentence, else its last word.
    /// </summary>
    public static string SingleLine(string text)
    {
        if (text.Length <= MaxLength && !NeedsChange(text))
        {
            return text;
        }

        var line = new StringBuilder(Math.Min(text.Length, MaxLength + 1));
        for (var i = 0; i < text.Length && line.Length <= MaxLength; i++)
        {
            var c = text[i];
            if (IsBreak(c))
            {
                if (line.Length == 0 || line[^1] != ' ')
                {
                    line.Append(' ');
                }
            }
            else if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                line.Append(c).Append(text[++i]);
            }
            else
            {
                line.Append(char.IsSurrogate(c) ? '\uFFFD' : c);
            }
        }

        return line.Length <= MaxLength ? line.ToString() : Cut(line.ToString());
    }

    private static string Cut(string line)
    {
        var head = line.AsSpan(0, char.IsHighSurrogate(line[MaxLength - 1]) ? MaxLength - 1 : MaxLength);
        for (var i = head.Length - 1; i > head.Length / 2; i--)
        {
            if (head[i] is '.' or '!' or '?' && line[i + 1] == ' ')
            {
                return head[..(i + 1)].ToString();
            }
        }

        var space = head.LastIndexOf(' ');
        return (space > head.Length / 2 ? head[..space] : head).ToString();
    }

    private static bool NeedsChange(string text)
    {
        foreach (var c in text)
        {
            if (IsBreak(c) || char.IsSurrogate(c))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsBreak(char c) => char.IsControl(c) || c is '\u2028' or '\u2029';
}
