using System.Buffers;
using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace ToolBackend.LocalStack.Simulators.Sockets;

/// <summary>Accepts a simulator's websockets and runs a session on each. One timer ticks for all of them.</summary>
internal sealed class SocketHost : IAsyncDisposable
{
    private const int MostMessageBytes = 1 << 20;

    private static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_closeDeadline = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly HashSet<Live> _live = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly PeriodicTimer _timer;
    private readonly Task _ticking;

    public SocketHost(TimeProvider time)
    {
        _time = time;
        _timer = new PeriodicTimer(s_tick, time);
        _ticking = TickAsync();
    }

    public ConnectionLog Connections { get; } = new();

    public SocketFaultBoard Faults { get; } = new();

    /// <param name="countsReceived">Faults begin after audio received (transcribers); otherwise after audio sent (voices).</param>
    /// <param name="create">The session; its <see cref="ISocketSession.OnOpen"/> is called next.</param>
    public async Task RunAsync(HttpContext context, bool countsReceived, Func<SimulatorSocket, ISocketSession> create)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, _stop.Token);
        using var webSocket = await context.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext { KeepAliveInterval = Timeout.InfiniteTimeSpan });
        var record = Connections.Open(context.Request.Path, context.Request.QueryString.Value ?? string.Empty, _time.GetTimestamp());
        using var socket = new SimulatorSocket(context, webSocket, record, _time, countsReceived, ended.Token);
        var live = new Live(socket, create(socket));
        Faults.Attach(socket);
        var writing = WriteAsync(socket, ended);
        try
        {
            lock (socket.Gate)
            {
                live.Session.OnOpen();
            }

            lock (_gate)
            {
                _live.Add(live);
            }

            await ReadAsync(webSocket, live, ended.Token);
        }
        catch (Exception error) when (error is WebSocketException or OperationCanceledException or IOException)
        {
            // The connection is over, by either side; the record says how.
        }
        finally
        {
            lock (_gate)
            {
                _live.Remove(live);
            }

            Faults.Detach(socket);
            socket.Complete();
            await ended.CancelAsync();
            await live.Session.OnEndedAsync();
            await writing;
            record.SetClosed(_time.GetTimestamp());
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _timer.Dispose();
        await _ticking;
        _stop.Dispose();
    }

    private async Task WriteAsync(SimulatorSocket socket, CancellationTokenSource ended)
    {
        try
        {
            await socket.WriteAsync();
            if (socket.IsClosing)
            {
                ended.CancelAfter(s_closeDeadline); // for the client's close frame
            }
        }
        catch (Exception error) when (error is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException)
        {
            await ended.CancelAsync(); // nobody is there any more
        }
    }

    private async Task ReadAsync(WebSocket webSocket, Live live, CancellationToken cancellation)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(4096);
        // Reads and sends take no token: each would register with it.
        await using var end = cancellation.UnsafeRegister(static s => ((WebSocket)s!).Abort(), webSocket);
        try
        {
            var length = 0;
            while (true)
            {
                if (length == buffer.Length)
                {
                    Array.Resize(ref buffer, length < MostMessageBytes ? length * 2 : throw new WebSocketException(WebSocketError.Faulted, "A message over 1 MB."));
                }

                var read = await webSocket.ReceiveAsync(buffer.AsMemory(length), CancellationToken.None);
                if (read.MessageType == WebSocketMessageType.Close)
                {
                    await ClosedAsync(webSocket, live.Socket, cancellation);
                    return;
                }

                length += read.Count;
                if (read.EndOfMessage)
                {
                    Deliver(live, buffer.AsSpan(0, length), read.MessageType);
                    length = 0;
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static async Task ClosedAsync(WebSocket webSocket, SimulatorSocket socket, CancellationToken cancellation)
    {
        socket.Record.SetCloseFrame((int?)webSocket.CloseStatus, webSocket.CloseStatusDescription, byClient: true);
        socket.Complete();
        if (webSocket.State == WebSocketState.CloseReceived && !socket.IsClosing)
        {
            await webSocket.CloseOutputAsync(webSocket.CloseStatus ?? WebSocketCloseStatus.NormalClosure, statusDescription: null, cancellation);
        }
    }

    private void Deliver(Live live, ReadOnlySpan<byte> message, WebSocketMessageType type)
    {
        if (type == WebSocketMessageType.Binary)
        {
            live.Socket.CountReceived(message.Length);
        }
        else
        {
            live.Socket.Record.AddReceived(new SocketMessage(MessageType.Of(message) ?? "invalid", _time.GetTimestamp(), Encoding.UTF8.GetString(message)));
        }

        lock (live.Socket.Gate)
        {
            if (live.Socket.IsClosing)
            {
                return;
            }

            if (type == WebSocketMessageType.Binary)
            {
                live.Session.OnBinary(message);
            }
            else
            {
                live.Session.OnText(message);
            }
        }
    }

    private async Task TickAsync()
    {
        try
        {
            while (await _timer.WaitForNextTickAsync(_stop.Token))
            {
                Live[] live;
                lock (_gate)
                {
                    live = [.. _live];
                }

                foreach (var one in live)
                {
                    lock (one.Socket.Gate)
                    {
                        if (!one.Socket.IsClosing)
                        {
                            one.Session.OnTick();
                        }
                    }
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed.
        }
    }

    private sealed record Live(SimulatorSocket Socket, ISocketSession Session);
}
