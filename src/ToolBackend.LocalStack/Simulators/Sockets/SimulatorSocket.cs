using System.Buffers;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace ToolBackend.LocalStack.Simulators.Sockets;

/// <summary>
/// The sending side of one websocket, and what the faults do to it. What a session sends goes through a queue to one writer; a client that leaves 4,096 frames
/// unread is cut off. Sending methods need the session's lock held, see <see cref="Gate"/>.
/// </summary>
internal sealed class SimulatorSocket : IDisposable
{
    private static readonly JsonWriterOptions s_jsonOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private readonly HttpContext _http;
    private readonly bool _countsReceived;
    private readonly ArrayBufferWriter<byte> _buffer = new(512);
    private readonly Utf8JsonWriter _json;
    private readonly ArmedFaults _faults = new();
    private readonly SocketWriter _writer;

    /// <param name="countsReceived">Faults begin after audio received; otherwise after audio sent.</param>
    /// <param name="ended">Cancelled when the connection is over.</param>
    public SimulatorSocket(HttpContext http, WebSocket socket, SimulatedConnection record, TimeProvider time, bool countsReceived, CancellationToken ended)
    {
        _http = http;
        _countsReceived = countsReceived;
        _json = new Utf8JsonWriter(_buffer, s_jsonOptions);
        _writer = new SocketWriter(http, socket, record, time, _faults, ended);
        Record = record;
        Time = time;
        Ended = ended;
    }

    public SimulatedConnection Record { get; }

    public TimeProvider Time { get; }

    /// <summary>Cancelled when the connection is over.</summary>
    public CancellationToken Ended { get; }

    /// <summary>Held while a session is called, and by whatever a session does on its own.</summary>
    public Lock Gate { get; } = new();

    /// <summary>A close frame is on its way, or the connection was cut.</summary>
    public bool IsClosing { get; private set; }

    public SocketFault? Fault(SocketFaultKind kind) => _faults.Find(kind);

    /// <param name="delay">Held back for so long, and what is sent after it too.</param>
    /// <param name="audio">Bytes of mu-law in it.</param>
    public void SendJson(string kind, string detail, Action<Utf8JsonWriter> write, TimeSpan delay = default, int audio = 0)
    {
        _buffer.ResetWrittenCount();
        _json.Reset();
        _json.WriteStartObject();
        write(_json);
        _json.WriteEndObject();
        _json.Flush();
        Enqueue(kind, detail, _buffer.WrittenSpan, WebSocketMessageType.Text, delay, audio);
    }

    public void SendAudio(string kind, string detail, ReadOnlySpan<byte> audio) => Enqueue(kind, detail, audio, WebSocketMessageType.Binary, TimeSpan.Zero, audio.Length);

    /// <summary>Sends a close frame, one without a status for <see cref="WebSocketCloseStatus.Empty"/>, after what was sent before; then nothing more is read or sent.</summary>
    public void Close(WebSocketCloseStatus status, string reason)
    {
        if (IsClosing)
        {
            return;
        }

        var bytes = Encoding.UTF8.GetBytes(reason);
        Enqueue("close", reason, bytes.AsSpan(0, Math.Min(bytes.Length, 123)), WebSocketMessageType.Close, TimeSpan.Zero, 0, status);
        IsClosing = true;
        _writer.Complete();
    }

    public void Reset()
    {
        IsClosing = true;
        _writer.Complete();

        // With a linger of zero the kernel sends a reset instead of an orderly end.
        if (_http.Features.Get<IConnectionSocketFeature>()?.Socket is { } socket)
        {
            socket.LingerState = new LingerOption(enable: true, seconds: 0);
            socket.Close();
        }

        _http.Abort();
    }

    public void Arm(SocketFault fault)
    {
        if (_faults.Arm(fault))
        {
            lock (Gate)
            {
                Begin(fault);
            }
        }
    }

    public void Disarm()
    {
        _faults.Clear();
        _writer.Stall(until: 0);
    }

    public void CountReceived(int bytes)
    {
        Record.AddBytesReceived(bytes);
        Move(_countsReceived, bytes);
    }

    /// <summary>Nothing more will be sent; the writer ends.</summary>
    public void Complete() => _writer.Complete();

    /// <summary>Writes until <see cref="Close"/>, <see cref="Complete"/> or the end of the connection.</summary>
    public Task WriteAsync() => _writer.RunAsync(audio => Move(!_countsReceived, audio));

    public void Dispose() => _json.Dispose();

    private void Enqueue(string kind, string detail, ReadOnlySpan<byte> payload, WebSocketMessageType type, TimeSpan delay, int audio, WebSocketCloseStatus? close = null)
    {
        if (IsClosing)
        {
            return;
        }

        var rented = ArrayPool<byte>.Shared.Rent(payload.Length);
        payload.CopyTo(rented);
        if (!_writer.TryAdd(new Outgoing(kind, detail, rented, payload.Length, type, delay > TimeSpan.Zero ? In(delay) : 0, audio, close)))
        {
            Record.AddViolation($"{SocketWriter.MostQueued} frames were left unread.");
            Reset();
        }
    }

    private long In(TimeSpan delay) => Time.GetTimestamp() + (long)(delay.TotalSeconds * Time.TimestampFrequency);

    private void Move(bool counts, int bytes)
    {
        if (!counts || !_faults.IsAny)
        {
            return;
        }

        foreach (var fault in _faults.Move(bytes))
        {
            lock (Gate)
            {
                Begin(fault);
            }
        }
    }

    private void Begin(SocketFault fault)
    {
        switch (fault.Kind)
        {
            case SocketFaultKind.Close:
                Close((WebSocketCloseStatus)fault.CloseStatus, fault.Reason);
                break;
            case SocketFaultKind.Reset:
                Reset();
                break;
            case SocketFaultKind.Stall:
                _writer.Stall(In(fault.For));
                break;
            case SocketFaultKind.Garbage:
                Enqueue("garbage", string.Empty, "{\"type\":\"Resu"u8, WebSocketMessageType.Text, TimeSpan.Zero, 0);
                break;
            default:
                break; // asked for where it matters
        }
    }
}
