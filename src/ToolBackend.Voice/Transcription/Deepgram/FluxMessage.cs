namespace ToolBackend.Voice.Transcription.Deepgram;

internal enum FluxKind
{
    /// <summary>Connected, ConfigureSuccess, Warning and what may come to be.</summary>
    Other,
    Update,
    StartOfTurn,
    EagerEndOfTurn,
    TurnResumed,
    EndOfTurn,
    Error,
}

/// <summary>One message of Flux.</summary>
/// <param name="Turn">-1 when it is not told.</param>
/// <param name="Text">Of the whole turn so far.</param>
/// <param name="Words">Mean confidence of the words, 1 when there are none.</param>
/// <param name="End">Confidence that the turn is over.</param>
/// <param name="HeardTo">Seconds of audio.</param>
/// <param name="Code">Of an error.</param>
internal readonly record struct FluxMessage(FluxKind Kind, int Turn, string Text, double Words, double End, double? HeardTo, string? Code);
