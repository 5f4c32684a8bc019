using System.Buffers;
using System.Net.WebSockets;
using System.Threading.Channels;
using ToolBackend.Core.Resilience;

namespace ToolBackend.Voice.Twilio;

/// <summary>Why a media socket came to its end.</summary>
public enum SocketEnd
{
    /// <summary>Twilio said <c>stop</c>: the call is over, or goes on elsewhere.</summary>
    Stopped,

    /// <summary>The connection broke without a word.</summary>
    Lost,

    /// <summary>We closed it.</summary>
    Closed,

    /// <summary>It broke the protocol or a limit.</summary>
    Refused,

    /// <summary>It sent nothing for too long.</summary>
    Silent,
}

/// <summary>
/// One media stream's socket: one reader, one writer. What it reads goes to the handler, which must not wait; what is written waits in a bounded queue, and a peer that does not read it is cut off.
/// </summary>
public sealed class MediaSocket(WebSocket socket, TimeProvider time) : IDisposable
{
    /// <summary>Twilio sends 50 messages a second; a burst after a stall is allowed for.</summary>
    private const int MostPerSecond = 100;
    private const int Burst = 600;

    /// <summary>Some seconds of audio in pieces, and the marks between.</summary>
    private const int MostWaiting = 256;

    /// <summary>Media comes 50 times a second, also of a silent caller.</summary>
    private static readonly TimeSpan s_silence = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_sendDeadline = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_closeDeadline = TimeSpan.FromSeconds(2);

    private readonly Channel<Outbound> _waiting = Channel.CreateBounded<Outbound>(new BoundedChannelOptions(MostWaiting) { SingleReader = true, SingleWriter = true });
    private readonly CancellationTokenSource _end = new();
    private long _lastMessage;
    private long _sendingSince;
    private long _closedAt;
    private volatile bool _isSilent;
    private volatile bool _isRefused;

    /// <summary>Set when the stream has started; nothing is written before.</summary>
    public MediaWriter? Writer { get; set; }

    /// <summary>Called for each message, in order, by the reader. Returns false to refuse the socket.</summary>
    public delegate bool Handler(in MediaMessage message);

    public void SendMedia(ReadOnlyMemory<byte> audio) => Send(new Outbound(audio, null));

    public void SendMark(string name) => Send(new Outbound(default, name));

    public void SendClear() => Send(new Outbound(default, null));

    /// <summary>Lets what waits be written, then closes. Twilio goes on with the action of its <c>Connect</c>.</summary>
    public void Close() => _waiting.Writer.TryComplete();

    /// <summary>The same, and the close frame says that it must not be here.</summary>
    public void Refuse()
    {
        _isRefused = true;
        Close();
    }

    /// <summary>Ends it at once.</summary>
    public void Cut() => socket.Abort();

    /// <summary>Runs until the socket has ended, by whom ever. Never throws for what the peer does.</summary>
    public async Task<SocketEnd> RunAsync(Handler handler, CancellationToken cancellation)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _end.Token);
        _lastMessage = time.GetTimestamp();
        await using var watch = time.CreateTimer(_ => CutIfStuck(), null, s_look, s_look).ConfigureAwait(false);
        // Reads and sends take no token, see VendorSocket.
        await using var stop = cancellation.UnsafeRegister(static s => ((WebSocket)s!).Abort(), socket).ConfigureAwait(false);
        var writing = WriteAsync(either.Token);
        var end = await ReadAsync(handler, cancellation).ConfigureAwait(false);
        _isRefused |= end is SocketEnd.Refused;
        if (end is not SocketEnd.Closed)
        {
            await _end.CancelAsync().ConfigureAwait(false); // first: a writer that only found its queue completed would say goodbye
        }

        _waiting.Writer.TryComplete();
        await writing.ConfigureAwait(false);
        await CloseAsync(end).ConfigureAwait(false);
        return end;
    }

    public void Dispose()
    {
        _end.Dispose();
        socket.Dispose();
    }

    /// <summary>One timer a socket: a deadline for every message would be 50 timers a second.</summary>
    private void CutIfStuck()
    {
        if (time.GetElapsedTime(Volatile.Read(ref _lastMessage)) > s_silence)
        {
            _isSilent = true;
            socket.Abort();
        }
        else if (Volatile.Read(ref _sendingSince) is not 0 and var since && time.GetElapsedTime(since) > s_sendDeadline)
        {
            socket.Abort();
        }
        else if (Volatile.Read(ref _closedAt) is not 0 and var closedAt && time.GetElapsedTime(closedAt) > s_closeDeadline)
        {
            socket.Abort(); // it goes on sending although we have closed
        }
    }

    private void Send(Outbound item)
    {
        if (!_waiting.Writer.TryWrite(item) && !_waiting.Reader.Completion.IsCompleted && _waiting.Reader.Count >= MostWaiting)
        {
            socket.Abort(); // it has not read for seconds: the caller hears nothing any more
        }
    }

    private async Task<SocketEnd> ReadAsync(Handler handler, CancellationToken cancellation)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(MediaReader.MaxBytes);
        var allowance = (double)Burst;
        var last = time.GetTimestamp();
        try
        {
            while (true)
            {
                var length = 0;
                ValueWebSocketReceiveResult part;
                do
                {
                    if (length >= MediaReader.MaxBytes)
                    {
                        return SocketEnd.Refused;
                    }

                    part = await socket.ReceiveAsync(buffer.AsMemory(length, MediaReader.MaxBytes - length), CancellationToken.None).ConfigureAwait(false);
                    length += part.Count;
                }
                while (!part.EndOfMessage);

                if (part.MessageType is WebSocketMessageType.Close)
                {
                    return _waiting.Reader.Completion.IsCompleted ? SocketEnd.Closed : SocketEnd.Lost;
                }

                allowance = Math.Min(Burst, allowance + (time.GetElapsedTime(last).TotalSeconds * MostPerSecond)) - 1;
                Volatile.Write(ref _lastMessage, last = time.GetTimestamp());
                if (part.MessageType is WebSocketMessageType.Binary || allowance < 0 || Read(buffer.AsSpan(0, length), handler) is not { } isStop)
                {
                    return SocketEnd.Refused;
                }

                if (isStop)
                {
                    return SocketEnd.Stopped;
                }
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException)
        {
            return _isSilent ? SocketEnd.Silent : cancellation.IsCancellationRequested || _waiting.Reader.Completion.IsCompleted ? SocketEnd.Closed : SocketEnd.Lost;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Whether it was the last message; null when it was none of the protocol, or the handler refuses it.</summary>
    private static bool? Read(Span<byte> bytes, Handler handler)
    {
        var message = MediaReader.Read(bytes);
        return message.Kind is MediaMessageKind.Malformed || !handler(message) ? null : message.Kind is MediaMessageKind.Stop;
    }

    private async Task WriteAsync(CancellationToken cancellation)
    {
        var buffer = new ArrayBufferWriter<byte>(2048);
        try
        {
            await foreach (var item in _waiting.Reader.ReadAllAsync(cancellation).ConfigureAwait(false))
            {
                if (Writer is not { } writer)
                {
                    continue;
                }

                buffer.ResetWrittenCount();
                if (item.Mark is { } mark)
                {
                    writer.Mark(buffer, mark);
                }
                else if (item.Audio.IsEmpty)
                {
                    writer.Clear(buffer);
                }
                else
                {
                    writer.Media(buffer, item.Audio.Span);
                }

                Volatile.Write(ref _sendingSince, time.GetTimestamp());
                await socket.SendAsync(buffer.WrittenMemory, WebSocketMessageType.Text, true, CancellationToken.None).ConfigureAwait(false);
                Volatile.Write(ref _sendingSince, 0);
            }

            // Everything was said that had to be.
            if (socket.State is WebSocketState.Open)
            {
                using var deadline = new Deadline(s_closeDeadline, time, cancellation);
                await socket.CloseOutputAsync(_isRefused ? WebSocketCloseStatus.PolicyViolation : WebSocketCloseStatus.NormalClosure, null, deadline.Token).ConfigureAwait(false);
                Volatile.Write(ref _closedAt, time.GetTimestamp());
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The reader has ended it, and may still say why in a close frame.
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or InvalidOperationException)
        {
            socket.Abort(); // the reader sees it and says why
        }
    }

    private async Task CloseAsync(SocketEnd end)
    {
        try
        {
            if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
            {
                using var deadline = new CancellationTokenSource(s_closeDeadline, time);
                var status = end is SocketEnd.Refused ? WebSocketCloseStatus.PolicyViolation : WebSocketCloseStatus.NormalClosure;
                await socket.CloseOutputAsync(status, null, deadline.Token).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or InvalidOperationException)
        {
            socket.Abort(); // gone already
        }
    }

    /// <param name="Audio">Empty: a mark, or without a name a clear.</param>
    private readonly record struct Outbound(ReadOnlyMemory<byte> Audio, string? Mark);
}
