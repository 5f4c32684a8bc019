using System.Buffers;

namespace ToolBackend.Voice.Audio;

/// <summary>Audio that waits to be sent, in pooled memory that grows with what waits. When full the oldest is dropped. Not thread-safe.</summary>
internal sealed class AudioQueue(int capacity) : IDisposable
{
    private const int FirstSize = 1024;

    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(FirstSize);
    private int _start;

    public int Count { get; private set; }

    /// <summary>Bytes that were dropped so far because the queue was full.</summary>
    public long Dropped { get; private set; }

    public void Append(ReadOnlySpan<byte> audio)
    {
        if (audio.Length > capacity)
        {
            Dropped += audio.Length - capacity;
            audio = audio[^capacity..];
        }

        if (Count + audio.Length > capacity)
        {
            var tooMany = Count + audio.Length - capacity;
            Skip(tooMany);
            Dropped += tooMany;
        }

        Grow(Count + audio.Length);
        var end = (_start + Count) % _bytes.Length;
        var first = Math.Min(audio.Length, _bytes.Length - end);
        audio[..first].CopyTo(_bytes.AsSpan(end));
        audio[first..].CopyTo(_bytes);
        Count += audio.Length;
    }

    /// <summary>Moves up to as many bytes as fit; returns how many.</summary>
    public int Take(Span<byte> target)
    {
        var taken = Math.Min(Count, target.Length);
        var first = Math.Min(taken, _bytes.Length - _start);
        _bytes.AsSpan(_start, first).CopyTo(target);
        _bytes.AsSpan(0, taken - first).CopyTo(target[first..]);
        Skip(taken);
        return taken;
    }

    public void Dispose()
    {
        if (_bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
            (_bytes, _start, Count) = ([], 0, 0);
        }
    }

    private void Skip(int count)
    {
        Count -= count;
        _start = Count == 0 ? 0 : (_start + count) % _bytes.Length;
    }

    private void Grow(int needed)
    {
        if (needed <= _bytes.Length)
        {
            return;
        }

        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, Math.Min(_bytes.Length * 2, capacity)));
        var count = Take(larger);
        ArrayPool<byte>.Shared.Return(_bytes);
        (_bytes, _start, Count) = (larger, 0, count);
    }
}
