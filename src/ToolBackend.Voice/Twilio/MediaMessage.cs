namespace ToolBackend.Voice.Twilio;

public enum MediaMessageKind
{
    /// <summary>Of a type that is not known, or that says nothing to us.</summary>
    Other,
    Connected,
    Start,
    Media,
    Key,
    Mark,
    Stop,

    /// <summary>No message of the protocol.</summary>
    Malformed,
}

/// <summary>One message of Twilio's media stream. A view: <see cref="Audio"/> is valid until the next read.</summary>
public readonly ref struct MediaMessage
{
    public MediaMessageKind Kind { get; init; }

    /// <summary>Of <see cref="MediaMessageKind.Media"/>: decoded mu-law; usually 160 bytes, but that is no promise.</summary>
    public ReadOnlySpan<byte> Audio { get; init; }

    /// <summary>Of <see cref="MediaMessageKind.Media"/>: milliseconds since the start of the stream; -1 when absent.</summary>
    public long Timestamp { get; init; }

    /// <summary>Of <see cref="MediaMessageKind.Mark"/>: its name. Of <see cref="MediaMessageKind.Key"/>: the key.</summary>
    public string Text { get; init; }

    public StreamStart? Start { get; init; }
}

/// <summary>What a stream says of itself.</summary>
/// <param name="Parameters">From the <c>Parameter</c> elements of our TwiML.</param>
public sealed record StreamStart(string StreamSid, string CallSid, string AccountSid, bool IsMuLaw8k, IReadOnlyDictionary<string, string> Parameters);
