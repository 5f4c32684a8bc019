using ToolBackend.Voice.Audio;

namespace ToolBackend.Voice.CallLog;

/// <summary>
/// When the caller was last loud: the beginning of what they wait for. By level, so a noisy line counts as speech and makes waits look shorter; no decision hangs on it.
/// </summary>
internal sealed class SpeechEdge(TimeProvider time)
{
    /// <summary>Mean absolute value of a frame, of 32124. Line noise is below 100, quiet speech above 300.</summary>
    private const int Loud = 200;

    /// <summary>No timestamp; 0 is one.</summary>
    private const long None = long.MinValue;

    private long _last = None;

    /// <summary>Timestamp; null before the first.</summary>
    public long? Last => Volatile.Read(ref _last) is not None and var at ? at : null;

    /// <summary>One writer: the reader of the line.</summary>
    public void Hear(ReadOnlySpan<byte> audio)
    {
        if (MuLaw.MeanLevel(audio) >= Loud)
        {
            Volatile.Write(ref _last, time.GetTimestamp());
        }
    }
}
