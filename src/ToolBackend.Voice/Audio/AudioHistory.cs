namespace ToolBackend.Voice.Audio;

/// <summary>The last seconds of a stream of audio, by position: bytes since the stream's begin. Not thread-safe.</summary>
/// <param name="capacity">Bytes; up to 80,000 stay out of the large object heap.</param>
internal sealed class AudioHistory(int capacity)
{
    private readonly byte[] _bytes = GC.AllocateUninitializedArray<byte>(capacity);

    /// <summary>Position of the next byte.</summary>
    public long End { get; private set; }

    /// <summary>Position of the oldest byte that is still there.</summary>
    public long Start => Math.Max(0, End - capacity);

    public void Append(ReadOnlySpan<byte> audio)
    {
        End += audio.Length;
        if (audio.Length > capacity)
        {
            audio = audio[^capacity..];
        }

        var at = (int)((End - audio.Length) % capacity);
        var first = Math.Min(audio.Length, capacity - at);
        audio[..first].CopyTo(_bytes.AsSpan(at));
        audio[first..].CopyTo(_bytes);
    }

    /// <summary>What is there from the position on, in two parts that follow each other; the second may be empty. Valid until the next append.</summary>
    public (ReadOnlyMemory<byte> First, ReadOnlyMemory<byte> Second) From(long position)
    {
        position = Math.Clamp(position, Start, End);
        var count = (int)(End - position);
        var at = (int)(position % capacity);
        var first = Math.Min(count, capacity - at);
        return (_bytes.AsMemory(at, first), _bytes.AsMemory(0, count - first));
    }
}
