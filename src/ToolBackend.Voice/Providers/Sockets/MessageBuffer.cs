using System.Buffers;

namespace ToolBackend.Voice.Providers.Sockets;

/// <summary>Holds one whole message of a socket at a time, in pooled memory that grows to the largest message seen. One user at a time.</summary>
internal sealed class MessageBuffer(int firstSize) : IDisposable
{
    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(firstSize);

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Message => _bytes.AsSpan(0, Length);

    public void Clear() => Length = 0;

    /// <summary>Room for the next part of the message; never empty.</summary>
    public Memory<byte> Free()
    {
        if (Length == _bytes.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(_bytes.Length * 2);
            Message.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = larger;
        }

        return _bytes.AsMemory(Length);
    }

    public void Advance(int count) => Length += count;

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_bytes);
        (_bytes, Length) = ([], 0);
    }
}
