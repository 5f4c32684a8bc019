using System.Net.WebSockets;
using System.Runtime.CompilerServices;

namespace ToolBackend.Voice.Providers.Sockets;

/// <summary>What came from a vendor's socket.</summary>
internal enum Received
{
    Text,
    Binary,

    /// <summary>The vendor's close frame, or the end of the stream without one.</summary>
    Closed,
}

/// <summary>An open websocket to a vendor: whole messages in, messages out. One reader and one writer at a time.</summary>
/// <remarks>
/// The end of its lifetime aborts the socket, and whoever reads or sends gets <see cref="OperationCanceledException"/>. Reads and sends of their own take no token: with one the runtime's socket goes another
/// way, which allocates and registers for each of 50 messages a second.
/// </remarks>
internal sealed class VendorSocket(string provider, ClientWebSocket socket, int largestMessage, CancellationToken lifetime) : IDisposable
{
    private readonly CancellationTokenRegistration _lifetime = lifetime.UnsafeRegister(static s => ((ClientWebSocket)s!).Abort(), socket);

    /// <summary>0 or 1005 when the stream ended without one.</summary>
    public int CloseStatus => (int)(socket.CloseStatus ?? default);

    public string CloseDescription => socket.CloseStatusDescription ?? "";

    /// <summary>Reads one message, all its frames, into the buffer.</summary>
    /// <exception cref="ProviderException">Larger than allowed: <see cref="ProviderFault.Protocol"/>. Cut: <see cref="ProviderFault.ServerError"/>.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<Received> ReceiveAsync(MessageBuffer buffer)
    {
        buffer.Clear();
        while (true)
        {
            ValueWebSocketReceiveResult part;
            try
            {
                part = await socket.ReceiveAsync(buffer.Free(), CancellationToken.None);
            }
            catch (Exception failure) when (failure is WebSocketException or OperationCanceledException or ObjectDisposedException)
            {
                lifetime.ThrowIfCancellationRequested();
                throw Cut(failure);
            }

            if (part.MessageType is WebSocketMessageType.Close)
            {
                return Received.Closed;
            }

            buffer.Advance(part.Count);
            if (part.EndOfMessage)
            {
                return part.MessageType is WebSocketMessageType.Text ? Received.Text : Received.Binary;
            }

            if (buffer.Length > largestMessage)
            {
                throw new ProviderException(provider, ProviderFault.Protocol, "message_too_large");
            }
        }
    }

    /// <exception cref="ProviderException">The connection is gone: <see cref="ProviderFault.ServerError"/>.</exception>
    public ValueTask SendTextAsync(ReadOnlyMemory<byte> utf8) => SendAsync(utf8, WebSocketMessageType.Text);

    /// <summary>Never called with nothing: vendors take an empty binary frame for the end.</summary>
    /// <exception cref="ProviderException">The connection is gone: <see cref="ProviderFault.ServerError"/>.</exception>
    public ValueTask SendBinaryAsync(ReadOnlyMemory<byte> bytes) => SendAsync(bytes, WebSocketMessageType.Binary);

    /// <summary>Drops the connection without a word when it is still open.</summary>
    public void Dispose()
    {
        _lifetime.Dispose();
        socket.Dispose();
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask SendAsync(ReadOnlyMemory<byte> bytes, WebSocketMessageType type)
    {
        try
        {
            await socket.SendAsync(bytes, type, endOfMessage: true, CancellationToken.None);
        }
        catch (Exception failure) when (failure is WebSocketException or InvalidOperationException or OperationCanceledException)
        {
            lifetime.ThrowIfCancellationRequested();
            throw Cut(failure);
        }
    }

    private ProviderException Cut(Exception failure) => new(provider, ProviderFault.ServerError, "cut", failure);
}
