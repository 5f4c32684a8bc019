using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace ToolBackend.LocalStack.Faults;

/// <summary>One client of a <see cref="FaultyProxy"/> and its connection to the server behind.</summary>
internal sealed class ProxyConnection(FaultyProxy proxy, Socket client, EndPoint target, TimeProvider time) : IDisposable
{
    private const int PieceBytes = 16 * 1024;

    // What may be under way on the "wire" per direction while it is delayed; a full wire stops reading, as TCP would.
    private const int PiecesUnderWay = 64;

    private static readonly TimeSpan ConnectDeadline = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan DrainDeadline = TimeSpan.FromSeconds(5);

    private readonly Socket _server = new(target.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly CancellationTokenSource _ended = new();
    private volatile bool _answersClosed;
    private volatile bool _serverFinishes;

    private readonly record struct Piece(byte[] Bytes, long Sent);

    public async Task RunAsync()
    {
        try
        {
            client.NoDelay = true;
            await proxy.WaitWhileBlackHoleAsync(_ended.Token);
            using (var limit = CancellationTokenSource.CreateLinkedTokenSource(_ended.Token))
            {
                limit.CancelAfter(ConnectDeadline);
                await _server.ConnectAsync(target, limit.Token);
            }

            await Task.WhenAll(ForwardAsync(client, _server, toServer: true), ForwardAsync(_server, client, toServer: false));
            // Both ends have been passed on; a plain close lets the kernel deliver what it still holds.
            client.Dispose();
            _server.Dispose();
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // Either side broke off, or a fault was asked for: both sides see a reset below.
        }
        finally
        {
            Reset();
        }
    }

    /// <summary>Both sides see a reset; after an orderly end it changes nothing.</summary>
    public void Reset()
    {
        Abort(client);
        Abort(_server);
        _ended.Cancel();
    }

    public void Dispose() => Reset();

    public void HalfClose()
    {
        _answersClosed = true;
        EndOfStream(client);
    }

    private async Task ForwardAsync(Socket from, Socket to, bool toServer)
    {
        var wire = Channel.CreateBounded<Piece>(new BoundedChannelOptions(PiecesUnderWay) { SingleReader = true, SingleWriter = true });
        await Task.WhenAll(BreakOffOnFailureAsync(ReadAsync(from, wire.Writer)), BreakOffOnFailureAsync(WriteAsync(wire.Reader, to, toServer)));
    }

    // The other loops wait on sockets that stay silent: the first failure has to end them too.
    private async Task BreakOffOnFailureAsync(Task loop)
    {
        try
        {
            await loop;
        }
        catch
        {
            if (!_serverFinishes)
            {
                Reset();
            }

            throw;
        }
    }

    private async Task ReadAsync(Socket from, ChannelWriter<Piece> wire)
    {
        try
        {
            var buffer = new byte[PieceBytes];
            while (true)
            {
                await proxy.WaitWhileBlackHoleAsync(_ended.Token);
                var length = await from.ReceiveAsync(buffer, _ended.Token);
                if (length == 0)
                {
                    return;
                }

                await wire.WriteAsync(new Piece(buffer[..length], time.GetTimestamp()), _ended.Token);
            }
        }
        finally
        {
            wire.TryComplete();
        }
    }

    private async Task WriteAsync(ChannelReader<Piece> wire, Socket to, bool toServer)
    {
        long forwarded = 0;
        await foreach (var piece in wire.ReadAllAsync(_ended.Token))
        {
            var delay = (toServer ? proxy.Faults.DelayToServer : proxy.Faults.DelayToClient) - time.GetElapsedTime(piece.Sent);
            if (delay > TimeSpan.Zero)
            {
                await Task.Delay(delay, time, _ended.Token);
            }

            await proxy.WaitWhileBlackHoleAsync(_ended.Token);
            if (toServer)
            {
                await SendToServerAsync(piece);
                continue;
            }

            var left = (proxy.Faults.CloseAfterBytes ?? long.MaxValue) - forwarded;
            var bytes = piece.Bytes.AsMemory(0, (int)Math.Clamp(left, 0, piece.Bytes.Length));
            await SendToClientAsync(bytes);
            forwarded += bytes.Length;
            if (bytes.Length < piece.Bytes.Length)
            {
                HalfClose();
            }
        }

        EndOfStream(to);
    }

    private async Task SendToClientAsync(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            if (!_answersClosed)
            {
                await SendAllAsync(client, bytes);
            }
        }
        catch (Exception error) when (_answersClosed && error is SocketException or ObjectDisposedException)
        {
            // Closed between the look and the sending.
        }
    }

    private async Task SendToServerAsync(Piece piece)
    {
        switch (proxy.Faults.Inspect?.Invoke(piece.Bytes) ?? ProxyVerdict.Pass)
        {
            case ProxyVerdict.Pass:
                await SendAllAsync(_server, piece.Bytes);
                return;

            case ProxyVerdict.PassThenReset:
                (_answersClosed, _serverFinishes) = (true, true);
                await SendAllAsync(_server, piece.Bytes);
                // A reset towards the server could overtake what it has not read yet. So its stream ends in order, and
                // the other direction swallows its answers until it hangs up or the deadline comes.
                EndOfStream(_server);
                Abort(client);
                _ended.CancelAfter(DrainDeadline);
                break;

            case ProxyVerdict.DropThenReset:
                break;
        }

        throw new OperationCanceledException("The fault plan ended this connection.");
    }

    private async Task SendAllAsync(Socket to, ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await to.SendAsync(bytes, _ended.Token)..];
        }
    }

    private static void EndOfStream(Socket socket)
    {
        try
        {
            socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // Already gone: its end needs no announcement.
        }
    }

    // Closing with a linger time of zero makes the kernel send RST.
    private static void Abort(Socket socket)
    {
        try
        {
            socket.LingerState = new LingerOption(true, 0);
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // Already closed; Dispose below is then harmless.
        }

        // Without the zero, pending receives would be unblocked by an orderly shutdown, seen before the reset.
        socket.Close(0);
    }
}
