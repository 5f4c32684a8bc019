using System.Buffers;
using System.Net.WebSockets;
using System.Text;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http;

namespace ToolBackend.LocalStack.Simulators.Sockets;

/// <summary>The one writer of a websocket: a bounded queue, each frame held back until it is due.</summary>
internal sealed class SocketWriter(HttpContext http, WebSocket socket, SimulatedConnection record, TimeProvider time, ArmedFaults faults, CancellationToken ended)
{
    public const int MostQueued = 4096;

    // How soon the end of a stall is noticed when the faults are cleared.
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(50);

    private readonly Channel<Outgoing> _queue = Channel.CreateBounded<Outgoing>(new BoundedChannelOptions(MostQueued) { SingleReader = true });
    private long _stalledUntil;

    /// <summary>False when the client leaves too much unread.</summary>
    public bool TryAdd(Outgoing frame)
    {
        if (_queue.Writer.TryWrite(frame))
        {
            return true;
        }

        ArrayPool<byte>.Shared.Return(frame.Payload);
        return false;
    }

    /// <summary>What is queued is written, then the writer ends.</summary>
    public void Complete() => _queue.Writer.TryComplete();

    /// <summary>Nothing is written until this timestamp.</summary>
    public void Stall(long until) => Interlocked.Exchange(ref _stalledUntil, until);

    /// <param name="written">Told of the bytes of mu-law in each frame.</param>
    public async Task RunAsync(Action<int> written)
    {
        await foreach (var frame in _queue.Reader.ReadAllAsync(ended))
        {
            try
            {
                await UntilAsync(frame.Due);
                if (faults.Find(SocketFaultKind.Silent) is null || frame.Close is not null)
                {
                    await WriteAsync(frame);
                }
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(frame.Payload);
            }

            written(frame.Audio);
        }
    }

    private async Task WriteAsync(Outgoing frame)
    {
        if (frame.Close is { } status)
        {
            var reason = Encoding.UTF8.GetString(frame.Payload, 0, frame.Length);
            record.SetCloseFrame((int)status, reason, byClient: false);
            await (status == WebSocketCloseStatus.Empty ? UpgradedStream.CloseWithoutStatusAsync(http, ended) : socket.CloseOutputAsync(status, reason, ended));
            return;
        }

        record.AddAudioSent(frame.Audio);
        record.AddSent(new SocketMessage(frame.Kind, time.GetTimestamp(), frame.Detail));
        await socket.SendAsync(frame.Payload.AsMemory(0, frame.Length), frame.Type, endOfMessage: true, CancellationToken.None);
    }

    private async ValueTask UntilAsync(long due)
    {
        while (Left(due) is { } left)
        {
            await Task.Delay(left, time, ended);
        }

        while (Left(Interlocked.Read(ref _stalledUntil)) is { } left)
        {
            await Task.Delay(left < s_look ? left : s_look, time, ended);
        }
    }

    /// <summary>Whole milliseconds, rounded down: a timer is late by about as much as this is early. Null for less than one.</summary>
    private TimeSpan? Left(long due)
    {
        if (due == 0)
        {
            return null;
        }

        var left = Math.Floor(time.GetElapsedTime(time.GetTimestamp(), due).TotalMilliseconds);
        return left >= 1 ? TimeSpan.FromMilliseconds(left) : null;
    }
}
