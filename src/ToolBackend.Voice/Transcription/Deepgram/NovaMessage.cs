namespace ToolBackend.Voice.Transcription.Deepgram;

internal enum NovaKind
{
    /// <summary>Metadata, Configure answers and what may come to be.</summary>
    Other,
    Results,
    SpeechStarted,
    UtteranceEnd,
    Error,
}

/// <summary>One message of nova.</summary>
/// <param name="Text">Of this window of audio, not of the utterance.</param>
/// <param name="Start">Seconds from the stream's begin at which the window begins.</param>
/// <param name="LastWordEnd">Of UtteranceEnd; negative when no word is known.</param>
internal readonly record struct NovaMessage(
    NovaKind Kind, string Text, double Confidence, double Start, double Duration, bool IsFinal, bool SpeechFinal, bool FromFinalize, double LastWordEnd, string? Code);
