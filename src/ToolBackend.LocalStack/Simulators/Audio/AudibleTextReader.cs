namespace ToolBackend.LocalStack.Simulators.Audio;

/// <summary>
/// Hears the words of <see cref="AudibleText"/> in a stream of mu-law bytes, cut in pieces of any size; frames may begin anywhere. Everything without a mark counts
/// as silence. Not for several threads.
/// <para>
/// A frame belongs to the word that is under way when utterance and place of the word in it are the same. A frame that goes back by up to 3 frames with no silence
/// before it is a repetition by the line and changes nothing. Any other step back is the same utterance played again: its words are new words. Lost frames are no loss of
/// words unless all frames of a word, or of a fragment of a long one, are lost.
/// </para>
/// </summary>
public sealed class AudibleTextReader
{
    private const int RepeatedFrames = 3;

    // A hole of less is a lost frame that somebody filled with silence.
    private const int CutAfterBytes = 5 * MuLaw.FrameBytes;

    private readonly byte[] _carry = new byte[2 * MuLaw.FrameBytes];
    private readonly WordUnderWay _word = new();
    private int _carried;
    private long _read;

    /// <summary>Bytes pushed so far.</summary>
    public long Position { get; private set; }

    /// <summary>Where the last speech ended, in bytes of the stream; 0 before any.</summary>
    public long SpeechEnd => _word.End;

    /// <summary>Bytes since the last speech, or since the stream began. A frame counts once its last byte is there: up to 159 bytes of speech seem silent.</summary>
    public long SilentBytes => Position - SpeechEnd;

    public TimeSpan SilentFor => MuLaw.Duration(SilentBytes);

    /// <summary>The word that is being said, as soon as its text is known (mostly with its first frame) until it is returned by <see cref="Push"/>.</summary>
    public HeardWord? Current => _word.IsTold || _word.Text is null ? null : _word.AsHeard();

    /// <summary>The word that is being said will not be returned by <see cref="Push"/>.</summary>
    internal void SkipCurrent() => _word.IsTold = true;

    /// <summary>Frames that are missing inside utterances.</summary>
    public long FramesLost { get; private set; }

    /// <returns>The words that ended with these bytes, mostly none. A word that stops in the middle ends with the next word or after 100 ms.</returns>
    public IReadOnlyList<HeardWord> Push(ReadOnlySpan<byte> audio)
    {
        List<HeardWord>? words = null;
        Position += audio.Length;
        while (_carried > 0 && audio.Length > 0)
        {
            var added = Math.Min(audio.Length, _carry.Length - _carried);
            audio[..added].CopyTo(_carry.AsSpan(_carried));
            var consumed = Read(_carry.AsSpan(0, _carried + added), ref words);
            if (consumed >= _carried)
            {
                audio = audio[(consumed - _carried)..];
                _carried = 0;
            }
            else
            {
                _carry.AsSpan(consumed, _carried + added - consumed).CopyTo(_carry);
                _carried += added - consumed;
                audio = audio[added..];
            }
        }

        if (_carried == 0)
        {
            var rest = audio[Read(audio, ref words)..];
            rest.CopyTo(_carry);
            _carried = rest.Length;
        }

        if (SilentBytes - _carried >= CutAfterBytes)
        {
            Tell(ref words);
        }

        return words ?? (IReadOnlyList<HeardWord>)[];
    }

    /// <returns>How many bytes are done with; what is left is less than a frame.</returns>
    private int Read(ReadOnlySpan<byte> audio, ref List<HeardWord>? words)
    {
        Span<byte> fragment = stackalloc byte[AudibleFrame.FragmentBytes];
        var at = 0;
        while (true)
        {
            var silent = audio[at..].IndexOfAnyExcept(MuLaw.Silence);
            at = silent < 0 ? audio.Length : at + silent;
            if (audio.Length - at < MuLaw.FrameBytes)
            {
                _read += at;
                return at;
            }

            if (AudibleFrame.TryRead(audio.Slice(at, MuLaw.FrameBytes), fragment, out var frame))
            {
                Hear(frame, fragment, _read + at, ref words);
                at += MuLaw.FrameBytes;
            }
            else
            {
                at++;
            }
        }
    }

    private void Hear(AudibleFrame frame, ReadOnlySpan<byte> fragment, long start, ref List<HeardWord>? words)
    {
        var end = start + MuLaw.FrameBytes;
        var last = _word.Last;
        var isFirst = _word.End == 0;
        var step = !isFirst && frame.Utterance == last.Utterance ? frame.Number - last.Number : int.MaxValue;
        if (step is <= 0 and >= -RepeatedFrames && start - _word.End < MuLaw.FrameBytes)
        {
            _word.Prolong(end);
            return;
        }

        if (start - _word.End >= CutAfterBytes)
        {
            Tell(ref words);
        }

        if (step is > 1 and < int.MaxValue)
        {
            FramesLost += step - 1;
        }

        if (step is <= 0 or int.MaxValue || frame.WordStart != last.WordStart)
        {
            Tell(ref words);
            _word.Begin(frame, start);
        }

        _word.Add(frame, fragment, end);
        if (_word.IsAtItsEnd)
        {
            Tell(ref words);
        }
    }

    private void Tell(ref List<HeardWord>? words)
    {
        if (_word.IsTold)
        {
            return;
        }

        _word.IsTold = true;
        if (_word.AsHeard() is { } word)
        {
            (words ??= []).Add(word);
        }
    }
}
