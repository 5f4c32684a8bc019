namespace ToolBackend.LocalStack.Simulators.ElevenLabs;

/// <summary>Text that waits for its generation to be triggered: by the chunk schedule, by the end of a phrase in auto mode, or by a flush.</summary>
internal sealed class TextBuffer(bool isAuto)
{
    private const int LeastTrigger = 50;

    private static readonly IReadOnlyList<int> s_schedule = [120, 160, 250, 290];

    private IReadOnlyList<int> _schedule = s_schedule;
    private string _text = string.Empty;
    private int _chunks;

    /// <summary>False when a length is not 50 to 500; the old schedule stays.</summary>
    public bool Reschedule(IReadOnlyList<int> schedule)
    {
        if (schedule.Count == 0 || schedule.Any(length => length is < 50 or > 500))
        {
            return false;
        }

        _schedule = schedule;
        return true;
    }

    /// <param name="trigger">Generate what is there if it is 50 characters at least.</param>
    /// <returns>What is generated now, or empty.</returns>
    public string Add(string text, bool trigger)
    {
        _text += text;
        if (isAuto)
        {
            return Take(PhraseEnd(_text));
        }

        return _text.Length >= (trigger ? LeastTrigger : _schedule[Math.Min(_chunks, _schedule.Count - 1)]) ? Take(_text.LastIndexOf(' ') + 1) : string.Empty;
    }

    /// <summary>All that is there.</summary>
    public string Flush() => Take(_text.Length);

    private string Take(int length)
    {
        var taken = _text[..length];
        _text = _text[length..];
        _chunks += string.IsNullOrWhiteSpace(taken) ? 0 : 1;
        return taken;
    }

    /// <summary>Behind the last punctuation mark that ends a piece or stands before white space.</summary>
    private static int PhraseEnd(string text)
    {
        for (var i = text.Length - 1; i >= 0; i--)
        {
            if (text[i] is '.' or '!' or '?' or ',' or ';' or ':' && (i == text.Length - 1 || char.IsWhiteSpace(text[i + 1])))
            {
                return Math.Min(text.Length, i + 2);
            }
        }

        return 0;
    }
}
