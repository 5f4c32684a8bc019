using System.Buffers;

namespace ToolBackend.Api.Webhooks;

/// <summary>A request body in one pooled buffer. Disposing gives the buffer back; nothing may point into it afterwards.</summary>
public readonly struct PooledBody(byte[] buffer, int length) : IDisposable
{
    public ReadOnlyMemory<byte> Bytes => buffer.AsMemory(0, length);

    public void Dispose() => ArrayPool<byte>.Shared.Return(buffer);
}

/// <summary>Reads a body once, with a cap.</summary>
public static class BodyReader
{
    private const int FirstRent = 16 * 1024;

    /// <summary>Null when the body is larger than the cap.</summary>
    public static async ValueTask<PooledBody?> ReadAsync(HttpRequest request, int maxBytes, CancellationToken cancellation)
    {
        if (request.ContentLength > maxBytes)
        {
            return null;
        }

        var buffer = ArrayPool<byte>.Shared.Rent((int)(request.ContentLength ?? FirstRent) + 1);
        var length = 0;
        try
        {
            while (true)
            {
                var read = await request.BodyReader.ReadAsync(cancellation);
                var arrived = checked((int)read.Buffer.Length);
                if (length + arrived > maxBytes)
                {
                    ArrayPool<byte>.Shared.Return(buffer);
                    return null;
                }

                if (length + arrived > buffer.Length)
                {
                    buffer = Grow(buffer, length, length + arrived);
                }

                read.Buffer.CopyTo(buffer.AsSpan(length));
                length += arrived;
                request.BodyReader.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted)
                {
                    return new PooledBody(buffer, length);
                }
            }
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(buffer);
            throw;
        }
    }

    private static byte[] Grow(byte[] buffer, int used, int needed)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, buffer.Length * 2));
        buffer.AsSpan(0, used).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }
}
