namespace ToolBackend.Vapi.Messages;

/// <summary>Why a body is not a Vapi message; a closed set, safe as a metric label.</summary>
public enum MalformedReason
{
    None,
    Empty,
    ByteOrderMark,
    InvalidUtf8,
    InvalidJson,
    TooDeep,
    NotAnObject,
    MissingMessage,
    MissingType,
    DuplicateMember,
    StringTooLong,
    InvalidText,
    TooManyToolCalls,
}

/// <summary>A body that is answered 400. Holds nothing of the body's content, so it may be logged.</summary>
/// <param name="Reason">The rule that was broken.</param>
/// <param name="Position">Byte offset at or before which it was seen.</param>
public readonly record struct MalformedMessage(MalformedReason Reason, long Position)
{
    public override string ToString() => $"{Reason} at byte {Position}";
}

/// <summary>Thrown by <see cref="VapiMessageReader.Read"/>; the text holds nothing of the body's content.</summary>
public sealed class MalformedMessageException(MalformedMessage error) : Exception($"Not a Vapi message: {error}.")
{
    public MalformedMessage Error { get; } = error;
}
