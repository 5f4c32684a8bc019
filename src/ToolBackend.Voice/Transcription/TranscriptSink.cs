namespace ToolBackend.Voice.Transcription;

/// <summary>Takes the events that one message of a vendor makes.</summary>
internal sealed class TranscriptSink
{
    private readonly List<TranscriptEvent> _events = [];

    public IReadOnlyList<TranscriptEvent> Events => _events;

    /// <summary>When the message was read.</summary>
    public long At { get; private set; }

    /// <summary>Audio that was written to the transcriber and never sent: the vendor's clock does not know of it.</summary>
    public TimeSpan Unsent { get; private set; }

    public void Begin(long at, TimeSpan unsent = default)
    {
        _events.Clear();
        (At, Unsent) = (at, unsent);
    }

    /// <param name="heardTo">Seconds of the vendor's clock of audio; null when it does not tell.</param>
    public void Add(TranscriptKind kind, string text, double confidence, double? heardTo) => _events.Add(new TranscriptEvent(kind, text, confidence, At)
    {
        // A broken message may hold any number.
        HeardTo = heardTo is >= 0 and < 86_400 ? TimeSpan.FromSeconds(heardTo.Value) + Unsent : null,
    });
}
