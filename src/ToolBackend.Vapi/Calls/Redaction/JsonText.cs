using System.Globalization;
using System.Text;

namespace ToolBackend.Vapi.Calls.Redaction;

/// <summary>The characters of a JSON string. Never fails on a string that a reader has accepted.</summary>
internal static class JsonText
{
    private const char Replacement = '\uFFFD';

    /// <summary>
    /// Unescapes into <paramref name="output"/>, which must have as many characters as <paramref name="raw"/> has bytes. Half surrogate pairs and NULs,
    /// which no database takes, become U+FFFD.
    /// </summary>
    /// <param name="repaired">Whether that happened.</param>
    /// <returns>How many characters were written.</returns>
    public static int Unescape(ReadOnlySpan<byte> raw, Span<char> output, out bool repaired)
    {
        var written = 0;
        while (!raw.IsEmpty)
        {
            var plain = raw.IndexOf((byte)'\\');
            plain = plain < 0 ? raw.Length : plain;
            written += Encoding.UTF8.GetChars(raw[..plain], output[written..]);
            raw = raw[plain..];
            if (raw.IsEmpty)
            {
                break;
            }

            var (character, length) = Escape(raw);
            output[written++] = character;
            raw = raw[length..];
        }

        repaired = Repair(output[..written]);
        return written;
    }

    private static (char Character, int Length) Escape(ReadOnlySpan<byte> raw) => raw[1] switch
    {
        (byte)'n' => ('\n', 2),
        (byte)'r' => ('\r', 2),
        (byte)'t' => ('\t', 2),
        (byte)'b' => ('\b', 2),
        (byte)'f' => ('\f', 2),
        (byte)'u' => ((char)ushort.Parse(raw.Slice(2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture), 6),
        var other => ((char)other, 2),
    };

    private static bool Repair(Span<char> text)
    {
        var repaired = false;
        for (var i = text.IndexOfAnyInRange('\uD800', '\uDFFF'); i >= 0 && i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i]))
            {
                continue;
            }

            if (i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]))
            {
                i++;
                continue;
            }

            text[i] = Replacement;
            repaired = true;
        }

        if (text.Contains('\0'))
        {
            text.Replace('\0', Replacement);
            repaired = true;
        }

        return repaired;
    }
}
