namespace ToolBackend.Voice.Transcription;

/// <summary>What a transcriber says of the caller's turn. The words differ between vendors; the meaning is this.</summary>
public enum TranscriptKind
{
    /// <summary>Voice, perhaps no words yet.</summary>
    SpeechStarted,

    /// <summary>The words of the turn so far; may still change.</summary>
    Heard,

    /// <summary>The turn is probably over (Flux EagerEndOfTurn). Either <see cref="Resumed"/> or <see cref="Over"/> with the same text follows.</summary>
    LikelyOver,

    /// <summary>It was not over: the caller went on.</summary>
    Resumed,

    /// <summary>
    /// The caller fell silent (nova speech_final or UtteranceEnd). Whether the turn is over is for the definition's endpointing plan to say. The text of the next event begins anew: who
    /// decides that the turn goes on joins them. Empty when all that was heard before turned out to be nothing.
    /// </summary>
    Paused,

    /// <summary>The turn is over (Flux EndOfTurn, AssemblyAI end_of_turn). The next event belongs to the next turn. Empty when all that was heard before turned out to be nothing.</summary>
    Over,
}

/// <param name="Text">All words of the turn so far, trimmed; never only the new ones. Empty for <see cref="TranscriptKind.SpeechStarted"/>.</param>
/// <param name="Confidence">0 to 1 of the words or of the end of turn; 1 when the vendor gives none.</param>
/// <param name="ReceivedAt">Timestamp of the clock when the message was read from the socket.</param>
public readonly record struct TranscriptEvent(TranscriptKind Kind, string Text, double Confidence, long ReceivedAt)
{
    /// <summary>How far into the audio that was written to the transcriber the vendor had listened when it said this; null when it does not tell.</summary>
    public TimeSpan? HeardTo { get; init; }
}
