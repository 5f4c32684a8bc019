using System.Text;

namespace ToolBackend.Voice.Speaking;

/// <summary>
/// Takes out of a reply, while it is written, what is not for the ear: markdown, emoji, control characters, tags, what a model leaks of its thoughts, stage directions. Pure, one per reply.
/// Plain text passes at once; only what may be the begin of markup waits for its end, for a few characters and at most a few hundred. The result does not depend on how the text was cut.
/// </summary>
internal sealed class SpokenText
{
    private const string ThinkOpen = "<think>";
    private const string ThinkClose = "</think>";

    private readonly StringBuilder _waiting = new();
    private readonly StringBuilder _spoken = new();
    private char _last;
    private bool _lineStart = true;
    private bool _sentenceStart = true;
    private bool _thinking;

    /// <summary>What can be spoken now; often nothing or exactly the piece.</summary>
    public string Add(ReadOnlySpan<char> piece)
    {
        _waiting.Append(piece);
        return Take(final: false);
    }

    /// <summary>What was still waiting. The next reply needs a new one.</summary>
    public string Complete() => Take(final: true);

    private string Take(bool final)
    {
        if (_waiting.Length == 0)
        {
            return "";
        }

        var text = _waiting.ToString();
        var at = 0;
        while (at < text.Length)
        {
            var step = _thinking ? Thought(text.AsSpan(at), final) : Step(text.AsSpan(at), final);
            if (step.Taken == 0)
            {
                break;
            }

            var (from, length) = step.Kept.GetOffsetAndLength(text.Length - at);
            Speak(text.AsSpan(at + from, length));
            at += step.Taken;
        }

        _waiting.Remove(0, at);
        var spoken = _spoken.ToString();
        _spoken.Clear();
        return spoken;
    }

    private MarkupStep Step(ReadOnlySpan<char> text, bool final)
    {
        if (text[0] is '<' && ThinkOpen.AsSpan().StartsWith(text[..Math.Min(text.Length, ThinkOpen.Length)], StringComparison.OrdinalIgnoreCase))
        {
            _thinking = text.Length >= ThinkOpen.Length;
            return _thinking ? MarkupStep.Drop(ThinkOpen.Length) : final ? MarkupStep.Drop(text.Length) : MarkupStep.MoreNeeded;
        }

        return Markup.Next(text, new MarkupPlace(_lineStart, _sentenceStart, _last), final);
    }

    private MarkupStep Thought(ReadOnlySpan<char> text, bool final)
    {
        var end = text.IndexOf(ThinkClose, StringComparison.OrdinalIgnoreCase);
        if (end >= 0)
        {
            _thinking = false;
            return MarkupStep.Drop(end + ThinkClose.Length);
        }

        // The closing tag may be cut in two.
        var sure = final ? text.Length : text.Length - (ThinkClose.Length - 1);
        return sure > 0 ? MarkupStep.Drop(sure) : MarkupStep.MoreNeeded;
    }

    private void Speak(ReadOnlySpan<char> kept)
    {
        foreach (var c in kept)
        {
            if (c is '\n')
            {
                _lineStart = true;
                if (_last is '\0' or '\n')
                {
                    continue;
                }

                (_last, _sentenceStart) = (c, true);
                _spoken.Append(c);
            }
            else if (!char.IsWhiteSpace(c))
            {
                (_last, _lineStart) = (c, false);
                _sentenceStart = c is '.' or '?' or '!';
                _spoken.Append(c);
            }
            else if (_last is not ('\0' or ' ' or '\n'))
            {
                _last = ' ';
                _spoken.Append(' ');
            }
        }
    }
}
