namespace ToolBackend.Voice.Transcription.AssemblyAi;

internal enum AssemblyAiKind
{
    /// <summary>Begin, Termination, Warning and what may come to be.</summary>
    Other,
    SpeechStarted,
    Turn,
    Error,
}

/// <summary>One message of AssemblyAI.</summary>
/// <param name="Turn">-1 when it is not told.</param>
/// <param name="Words">All words of the turn, the newest unfinished one too.</param>
/// <param name="Final">The finished words only.</param>
/// <param name="Utterance">Not empty once per pause of the caller.</param>
/// <param name="HeardTo">Seconds of audio at which the last word ends.</param>
/// <param name="Code">Of an error.</param>
internal readonly record struct AssemblyAiMessage(AssemblyAiKind Kind, int Turn, bool EndOfTurn, string Words, string Final, string Utterance, double Confidence, double? HeardTo, int Code, string? Error);
