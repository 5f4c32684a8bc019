using System.Text;

namespace ToolBackend.Vapi.Calls.Redaction;

/// <summary>A text of which parts are replaced, front to back. Costs nothing until something is.</summary>
internal struct MaskedText
{
    private StringBuilder? result;
    private int copied;

    /// <param name="start">Not before the end of the last replaced part.</param>
    public void Replace(ReadOnlySpan<char> text, int start, int end, string mask)
    {
        result ??= new StringBuilder(text.Length);
        result.Append(text[copied..start]).Append(mask);
        copied = end;
    }

    /// <summary>Null when nothing was replaced.</summary>
    public readonly string? Finish(ReadOnlySpan<char> text) => result?.Append(text[copied..]).ToString();
}
