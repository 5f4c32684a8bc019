namespace ToolBackend.Voice.Synthesis;

/// <summary>What is to be done about an utterance whose vendor is silent.</summary>
internal enum Verdict
{
    Wait,

    /// <summary>It owes audio and does not give it.</summary>
    Late,

    /// <summary>All that was written was spoken, and only the sign of the end is missing.</summary>
    Over,
}

/// <summary>
/// Whether a vendor owes audio, and since when. Pure. Characters that alignments name are counted against those written, white space apart; without alignments text owes audio until some
/// audio came after it, and a complete utterance until its end.
/// </summary>
internal sealed class SpeechWatch(TimeSpan firstByte, TimeSpan stall)
{
    private int _written;
    private int _aligned;
    private bool _hasAlignment;
    private bool _complete;
    private bool _hasAudio;
    private TimeSpan? _askedAt;
    private TimeSpan _writtenAt;
    private TimeSpan _audioAt;

    /// <param name="now">Of any clock that goes on.</param>
    /// <param name="speakable">The vendor can begin with it: it was flushed.</param>
    public void Written(ReadOnlySpan<char> text, bool speakable, TimeSpan now)
    {
        _written += Count(text);
        _writtenAt = now;
        if (speakable && _written > 0)
        {
            _askedAt ??= now;
        }
    }

    public void Completed(TimeSpan now)
    {
        _complete = true;
        _writtenAt = now;
        if (_written > 0)
        {
            _askedAt ??= now;
        }
    }

    /// <param name="aligned">The characters of this piece; null without alignment.</param>
    public void Audio(string? aligned, TimeSpan now)
    {
        (_hasAudio, _audioAt) = (true, now);
        if (aligned is not null)
        {
            _hasAlignment = true;
            _aligned += Count(aligned);
        }
    }

    /// <summary>What to do now, and when to ask again at the latest; null: when something happens.</summary>
    public (Verdict Verdict, TimeSpan? Again) Look(TimeSpan now)
    {
        if (_askedAt is not { } asked)
        {
            return (Verdict.Wait, null);
        }

        var allSpoken = _hasAlignment && _aligned >= _written;
        if (_hasAudio && !_complete && (_hasAlignment ? allSpoken : _audioAt >= _writtenAt))
        {
            return (Verdict.Wait, null);
        }

        var due = _hasAudio ? Later(_audioAt, _writtenAt) + stall : asked + firstByte;
        return now < due ? (Verdict.Wait, due - now) : (allSpoken ? Verdict.Over : Verdict.Late, null);
    }

    private static TimeSpan Later(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private static int Count(ReadOnlySpan<char> text)
    {
        var count = 0;
        foreach (var c in text)
        {
            count += char.IsWhiteSpace(c) ? 0 : 1;
        }

        return count;
    }
}
