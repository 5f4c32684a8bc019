namespace ToolBackend.Voice.Synthesis;

/// <summary>Where the characters of a piece of audio begin in it.</summary>
/// <param name="Text">The characters, in the order spoken.</param>
/// <param name="StartMs">Of each UTF-16 character, from the start of this piece of audio; as many as the text has.</param>
public sealed record SpeechAlignment(string Text, IReadOnlyList<int> StartMs);

/// <summary>A piece of synthesised speech.</summary>
/// <param name="MuLaw">Headerless mu-law, 8 kHz, mono; of any length. The receiver may keep it.</param>
/// <param name="Alignment">Null when the vendor gives none.</param>
/// <param name="EndsFlush">The last piece of what one flush asked for. Vendors that do not tell leave it false.</param>
public readonly record struct SpeechAudio(ReadOnlyMemory<byte> MuLaw, SpeechAlignment? Alignment, bool EndsFlush)
{
    /// <summary>Flushes before it that the vendor did with this one: it takes only so many a minute. Default 0.</summary>
    public int JoinedFlushes { get; init; }

    /// <summary>On the first piece of another connection or voice: it speaks from this character of what was written to the utterance on. Null: the same goes on.</summary>
    public int? GoesBackTo { get; init; }
}
