using System.Text;

namespace ToolBackend.Voice.Language.Chat;

/// <summary>Takes <c>&lt;think&gt;...&lt;/think&gt;</c> out of a text that comes in pieces, wherever the pieces are cut. Some models reason inside their text.</summary>
internal sealed class ThinkFilter
{
    private const string Open = "<think>";
    private const string Close = "</think>";

    private string _held = string.Empty;
    private bool _isThinking;
    private bool _trimsStart;

    /// <summary>What may be spoken of a piece; empty for nothing.</summary>
    public string Take(string piece)
    {
        if (!_isThinking && !_trimsStart && _held.Length == 0 && !piece.Contains('<', StringComparison.Ordinal))
        {
            return piece;
        }

        var spoken = new StringBuilder();
        var rest = _held + piece;
        _held = string.Empty;
        while (rest.Length > 0)
        {
            var tag = _isThinking ? Close : Open;
            var at = rest.IndexOf(tag, StringComparison.Ordinal);
            if (at < 0)
            {
                var kept = TagStart(rest, tag);
                Speak(spoken, rest.AsSpan(0, rest.Length - kept));
                _held = rest[^kept..];
                break;
            }

            Speak(spoken, rest.AsSpan(0, at));
            rest = rest[(at + tag.Length)..];
            _isThinking = !_isThinking;
            _trimsStart = !_isThinking;
        }

        return spoken.ToString();
    }

    /// <summary>What was held back because it looked like the start of a tag.</summary>
    public string End()
    {
        var held = _isThinking ? string.Empty : _held;
        _held = string.Empty;
        return held;
    }

    private void Speak(StringBuilder spoken, ReadOnlySpan<char> text)
    {
        if (_isThinking)
        {
            return;
        }

        if (_trimsStart)
        {
            text = text.TrimStart();
            _trimsStart = text.Length == 0;
        }

        spoken.Append(text);
    }

    /// <summary>How many letters at the end of a text may be the beginning of a tag.</summary>
    private static int TagStart(string text, string tag)
    {
        for (var length = Math.Min(tag.Length - 1, text.Length); length > 0; length--)
        {
            if (text.AsSpan(text.Length - length).SequenceEqual(tag.AsSpan(0, length)))
            {
                return length;
            }
        }

        return 0;
    }
}
