using System.Text;

namespace ToolBackend.Vapi.Definitions.Files;

/// <summary>The text of one definition file.</summary>
internal sealed class SourceText
{
    /// <summary>Bytes of the largest file that is read.</summary>
    public const int Largest = 512 * 1024;

    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private string[]? _lines;

    public SourceText(string file, string content) => (File, Content) = (file, content);

    /// <summary>As in <see cref="SourceLocation.File"/>.</summary>
    public string File { get; }

    /// <summary>Line ends are <c>\n</c>.</summary>
    public string Content { get; }

    public SourceLocation Start => new(File, 1, 1);

    public IReadOnlyList<string> Lines => _lines ??= Content.Split('\n');

    /// <summary>Null when the file cannot be used; the findings say why.</summary>
    public static SourceText? Read(string path, string file, Findings findings)
    {
        byte[] bytes;
        try
        {
            var length = new FileInfo(path).Length;
            if (length > Largest)
            {
                findings.Error(new SourceLocation(file, 1, 1), Rules.File, $"the file has {length} bytes, more than {Largest}", "split it");
                return null;
            }
            bytes = System.IO.File.ReadAllBytes(path);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            findings.Error(new SourceLocation(file, 1, 1), Rules.File, "the file cannot be read", "check its permissions");
            return null;
        }
        return Decode(file, bytes, findings);
    }

    public static SourceText? Decode(string file, byte[] bytes, Findings findings)
    {
        var content = bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? bytes.AsSpan(Encoding.UTF8.Preamble.Length) : bytes;
        try
        {
            var text = s_strict.GetString(content).ReplaceLineEndings("\n");
            if (text.IndexOf('\0', StringComparison.Ordinal) is >= 0 and var at)
            {
                findings.Error(LocationAt(file, text, at), Rules.File, "the file holds a NUL character", "save it as plain text");
                return null;
            }
            return new SourceText(file, text);
        }
        catch (DecoderFallbackException invalid)
        {
            var before = Encoding.UTF8.GetString(content[..Math.Clamp(invalid.Index, 0, content.Length)]).ReplaceLineEndings("\n");
            findings.Error(LocationAt(file, before, before.Length), Rules.File, "the file is not UTF-8 here", "save it as UTF-8");
            return null;
        }
    }

    private static SourceLocation LocationAt(string file, string text, int offset)
    {
        var before = text.AsSpan(0, offset);
        return new SourceLocation(file, before.Count('\n') + 1, before.Length - before.LastIndexOf('\n'));
    }
}
