using System.Text;

namespace ToolBackend.Voice.Synthesis;

/// <summary>
/// How much of an utterance has come as audio, in flushes: so that another voice can go on where one broke off. By alignments and ended flushes; a vendor that tells neither has only begun. Pure.
/// </summary>
/// <remarks>
/// <code>
/// written   |-- flush 1 --|-- flush 2 --|-- flush 3 --|
/// audio     |=============|=======x
///           0             ResumeAt: flush 2 is said again from its beginning
/// </code>
/// </remarks>
internal sealed class SpeechProgress
{
    private readonly StringBuilder _written = new();
    private readonly List<int> _ends = [];
    private int _endedFlushes;
    private int _spoken;

    /// <summary>The beginning of the first flush whose audio has not come to its end; a character of all that was written.</summary>
    public int ResumeAt => Done is 0 ? 0 : _ends[Done - 1];

    /// <summary>Nothing is left to be said.</summary>
    public bool IsAllSpoken => IsBlank(ResumeAt, _written.Length);

    private int Done
    {
        get
        {
            var done = 0;
            while (done < _ends.Count && (done < _endedFlushes || IsBlank(_spoken, _ends[done])))
            {
                done++;
            }

            return done;
        }
    }

    public void Written(string text, bool flush)
    {
        _written.Append(text);
        if (flush && _written.Length > (_ends is [.., var last] ? last : 0))
        {
            _ends.Add(_written.Length);
        }
    }

    public void Came(in SpeechAudio audio)
    {
        foreach (var c in audio.Alignment?.Text ?? "")
        {
            Advance(c);
        }

        if (audio.EndsFlush)
        {
            _endedFlushes = Math.Min(_ends.Count, _endedFlushes + 1 + audio.JoinedFlushes);
        }
    }

    /// <summary>What another voice has to say, flush by flush, and from which character on; its audio is counted from there.</summary>
    public (int From, IReadOnlyList<(string Text, bool Flush)> Again) GoBack()
    {
        _endedFlushes = Done;
        _spoken = ResumeAt;
        var rest = new List<(string Text, bool Flush)>();
        var from = _spoken;
        foreach (var end in _ends.Skip(_endedFlushes))
        {
            rest.Add((_written.ToString(from, end - from), true));
            from = end;
        }

        if (from < _written.Length)
        {
            rest.Add((_written.ToString(from, _written.Length - from), false));
        }

        return (_spoken, rest);
    }

    /// <summary>Vendors drop or add spaces: only other characters count.</summary>
    private void Advance(char spoken)
    {
        if (char.IsWhiteSpace(spoken))
        {
            return;
        }

        while (_spoken < _written.Length && char.IsWhiteSpace(_written[_spoken]))
        {
            _spoken++;
        }

        _spoken = Math.Min(_spoken + 1, _written.Length);
    }

    private bool IsBlank(int from, int to)
    {
        for (var i = from; i < to; i++)
        {
            if (!char.IsWhiteSpace(_written[i]))
            {
                return false;
            }
        }

        return true;
    }
}
