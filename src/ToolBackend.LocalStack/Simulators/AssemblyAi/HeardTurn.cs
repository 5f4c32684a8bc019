using ToolBackend.LocalStack.Simulators.Audio;
using ToolBackend.LocalStack.Simulators.Transcripts;

namespace ToolBackend.LocalStack.Simulators.AssemblyAi;

/// <summary>The turn that is being heard, and the messages that tell of it.</summary>
/// <param name="isU3">Words come with punctuation, and in partials none of them is final.</param>
internal sealed class HeardTurn(bool isU3)
{
    private readonly AudibleTextReader _reader = new();
    private readonly List<HeardWord> _ended = [];

    public int Order { get; private set; }

    public long Position => _reader.Position;

    public TimeSpan SilentFor => _reader.SilentFor;

    /// <summary>Has words, the one that is being said included.</summary>
    public bool IsStarted => _ended.Count > 0 || _reader.Current is not null;

    public bool IsSpeaking => _reader.Current is not null;

    /// <summary>The pause was told, and nothing was heard since.</summary>
    public bool IsUtteranceTold { get; set; }

    public long Start => _ended.Count > 0 ? _ended[0].Start : _reader.Current?.Start ?? Position;

    public string Sentence => Transcript.Sentence(All, isBeginning: true);

    private IReadOnlyList<HeardWord> All => _reader.Current is { } current ? [.. _ended, current] : _ended;

    public void Hear(ReadOnlySpan<byte> audio)
    {
        _ended.AddRange(_reader.Push(audio));
        IsUtteranceTold &= !IsSpeaking;
    }

    /// <summary>The newest word is not final and not in the transcript while it is being said.</summary>
    public TurnMessage Partial() => isU3
        ? new TurnMessage(Order, Sentence, Words(All, isFormatted: true, areFinal: false))
        : new TurnMessage(Order, Transcript.Plain(_ended), Words(All, isFormatted: false, areFinal: true));

    /// <summary>A pause: the utterance is whole, while the transcript may still lack its last word.</summary>
    public TurnMessage Utterance() =>
        new(Order, Transcript.Plain(_ended.GetRange(0, _ended.Count - 1)), Words(_ended, isFormatted: false, areFinal: true)) { Utterance = Transcript.Plain(_ended) };

    public TurnMessage End(double confidence, bool isFormatted)
    {
        var words = All;
        var text = isFormatted || isU3 ? Sentence : Transcript.Plain(words);
        return new TurnMessage(Order, text, [.. words.Select((word, i) => Word(word, i, isFormatted || isU3, isFinal: true))])
        {
            IsEnd = true,
            IsFormatted = isFormatted || isU3,
            Confidence = confidence,
            Utterance = IsUtteranceTold && !isU3 ? string.Empty : text,
        };
    }

    public void Next()
    {
        Order++;
        _ended.Clear();
        _reader.SkipCurrent();
        IsUtteranceTold = false;
    }

    private List<TurnWord> Words(IReadOnlyList<HeardWord> words, bool isFormatted, bool areFinal) =>
        [.. words.Select((word, i) => Word(word, i, isFormatted, areFinal && (i < _ended.Count)))];

    private static TurnWord Word(HeardWord word, int index, bool isFormatted, bool isFinal) =>
        new(word, isFormatted ? Transcript.Sentence([word], isBeginning: index == 0) : Transcript.Plain(word.Text), isFinal);
}
