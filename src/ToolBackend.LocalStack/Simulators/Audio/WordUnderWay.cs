using System.Text;

namespace ToolBackend.LocalStack.Simulators.Audio;

/// <summary>Gathers the frames of the word that is being heard.</summary>
internal sealed class WordUnderWay
{
    private byte[] _text = new byte[AudibleFrame.FragmentBytes];
    private bool[] _known = new bool[1];
    private AudibleFrame _last;
    private int _unknown;

    /// <summary>Null until all of its text was heard.</summary>
    public string? Text { get; private set; }

    public long Start { get; private set; }

    public long End { get; private set; }

    /// <summary>The reader told of it already, or there is none yet.</summary>
    public bool IsTold { get; set; } = true;

    public bool IsAtItsEnd => _last.NumberInWord == _last.FramesInWord - 1;

    public AudibleFrame Last => _last;

    public void Begin(AudibleFrame frame, long start)
    {
        if (_known.Length < frame.Fragments)
        {
            _known = new bool[frame.Fragments];
            _text = new byte[frame.Fragments * AudibleFrame.FragmentBytes];
        }

        Array.Clear(_known);
        _unknown = frame.Fragments;
        Text = null;
        Start = start;
        IsTold = false;
    }

    public void Add(AudibleFrame frame, ReadOnlySpan<byte> fragment, long end)
    {
        _last = frame;
        End = end;
        var number = frame.NumberInWord % frame.Fragments;
        if (Text is not null || _known[number])
        {
            return;
        }

        fragment.CopyTo(_text.AsSpan(number * AudibleFrame.FragmentBytes));
        _known[number] = true;
        if (--_unknown == 0)
        {
            Text = Decode(frame.Fragments);
        }
    }

    /// <summary>A repeated frame: it is speech, but says nothing new.</summary>
    public void Prolong(long end) => End = end;

    /// <summary>Null when not even its beginning is known.</summary>
    public HeardWord? AsHeard()
    {
        var text = Text ?? Decode(Array.IndexOf(_known, value: false)).TrimEnd('\uFFFD'); // a letter may be cut in half
        return text.Length == 0 ? null : new HeardWord(text, Start, End, IsAtItsEnd && Text is not null, _last.Utterance);
    }

    private string Decode(int fragments) => Encoding.UTF8.GetString(_text.AsSpan(0, fragments * AudibleFrame.FragmentBytes).TrimEnd((byte)0));
}
