using System.Buffers;
using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using ToolBackend.LocalStack.Simulators.Audio;

namespace ToolBackend.LocalStack.Simulators.Twilio.Phone;

/// <summary>
/// Twilio's side of one media stream, and the caller's ear and mouth: 160 bytes each 20 ms in both directions, whoever is silent; marks and clears as Twilio has them.
/// </summary>
internal sealed class PhoneLine : IAsyncDisposable
{
    private const int Frame = MediaClock.FrameMilliseconds * 8;
    private const int MostWaiting = 500;

    private static readonly byte[] s_silence = [.. Enumerable.Repeat((byte)0xFF, Frame)];

    private readonly WebSocket _socket;
    private readonly string _streamSid;
    private readonly byte[] _mediaTail;
    private readonly PhoneRecord _record;
    private readonly TimeProvider _time;
    private readonly PlaybackBuffer _buffer = new();
    private readonly AudibleTextReader _ear = new();
    private readonly Lock _gate = new();
    private readonly ConcurrentQueue<byte[]> _mouth = new();
    private readonly List<Waiter> _waiters = [];
    private readonly Lock _sending = new();
    private readonly Queue<byte[]> _outgoing = new();
    private readonly CancellationTokenSource _end = new();
    private readonly byte[] _played = new byte[Frame];
    private readonly MemoryStream? _recording;
    private Task _reading = Task.CompletedTask;
    private Task _writing = Task.CompletedTask;
    private bool _isWriting;
    private bool _isOver;
    private long _sequence = 1;
    private long _chunk;
    private int _mouthAt;
    private long _dryAt;
    private bool _wasWrong;
    private bool _isSilent = true;
    private long _silentSince;

    public PhoneLine(WebSocket socket, string streamSid, PhoneRecord record, TimeProvider time, bool keepsAudio)
    {
        (_socket, _streamSid, _record, _time) = (socket, streamSid, record, time);
        _mediaTail = Encoding.ASCII.GetBytes($$"""
            "},"streamSid":"{{streamSid}}"}
            """);
        _silentSince = time.GetTimestamp();
        _recording = keepsAudio ? new MemoryStream() : null;
    }

    /// <summary>Completes when the server has closed the stream, or it broke.</summary>
    public Task Closed => _reading;

    /// <summary>Bytes of speech that the caller has still to say.</summary>
    public bool IsSpeaking => !_mouth.IsEmpty;

    /// <summary>Audio that waits to be played.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate)
            {
                return _buffer.Bytes;
            }
        }
    }

    /// <summary>What was played and said, mixed is for who wants it: played here.</summary>
    public byte[] Recording
    {
        get
        {
            lock (_gate)
            {
                return _recording?.ToArray() ?? [];
            }
        }
    }

    public void Start(string accountSid, string callSid, IReadOnlyDictionary<string, string> parameters)
    {
        Post("""{"event":"connected","protocol":"Call","version":"1.0.0"}""");
        Post(JsonSerializer.Serialize(new
        {
            @event = "start",
            sequenceNumber = "1",
            start = new
            {
                accountSid,
                streamSid = _streamSid,
                callSid,
                tracks = new[] { "inbound" },
                mediaFormat = new { encoding = "audio/x-mulaw", sampleRate = 8000, channels = 1 },
                customParameters = parameters,
            },
            streamSid = _streamSid,
        }));
        _reading = ReadAsync();
        MediaClock.Shared.Add(this);
    }

    public void Say(byte[] audio) => _mouth.Enqueue(audio);

    /// <summary>Completes with the first frame at which it is so, when the stream has ended, or after a while: hundreds of callers that look by a timer each would be most of what a machine does.</summary>
    /// <param name="isSo">Asked 50 times a second, on the clock's thread.</param>
    public async Task WhenAsync(Func<bool> isSo, TimeSpan within, CancellationToken cancellation)
    {
        var waiter = new Waiter(isSo);
        lock (_waiters)
        {
            _waiters.Add(waiter);
        }

        await ((Task)Task.WhenAny(waiter.Done.Task, Closed)).WaitAsync(within, _time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (_waiters)
        {
            _waiters.Remove(waiter);
        }

        cancellation.ThrowIfCancellationRequested();
    }

    public void Press(char digit) =>
        Post($$$"""{"event":"dtmf","streamSid":"{{{_streamSid}}}","sequenceNumber":"{{{Next()}}}","dtmf":{"track":"inbound_track","digit":"{{{digit}}}"}}""");

    /// <summary>A message as it stands, for whoever wants to break the protocol.</summary>
    public void Post(string message) => Post(Encoding.UTF8.GetBytes(message));

    /// <summary>The call is over: <c>stop</c>, then the socket closes.</summary>
    public async Task StopAsync(string accountSid, string callSid)
    {
        MediaClock.Shared.Remove(this);
        Post($$"""{"event":"stop","sequenceNumber":"{{Next()}}","stop":{"accountSid":"{{accountSid}}","callSid":"{{callSid}}"},"streamSid":"{{_streamSid}}"}""");
        await FlushAsync().ConfigureAwait(false);
        await CloseAsync().ConfigureAwait(false);
    }

    /// <summary>The connection breaks without a word.</summary>
    public void Drop()
    {
        MediaClock.Shared.Remove(this);
        _socket.Abort();
    }

    public async ValueTask DisposeAsync()
    {
        MediaClock.Shared.Remove(this);
        await _end.CancelAsync().ConfigureAwait(false);
        await FlushAsync().ConfigureAwait(false);
        await _reading.ConfigureAwait(false);
        _end.Dispose();
        _socket.Dispose();
    }

    /// <summary>20 ms pass: a frame is said and one is played.</summary>
    public void Tick()
    {
        Post(Media(NextFrame()));
        _record.FramesSent++;
        lock (_gate)
        {
            var before = _buffer.Bytes;
            var isSilent = _buffer.Play(_played, Reach) == 0;
            if (isSilent != _isSilent)
            {
                var now = _time.GetTimestamp();
                if (_isSilent)
                {
                    _record.Silent(_silentSince, now);
                }

                (_isSilent, _silentSince) = (isSilent, now);
            }

            if (before > 0 && _buffer.Bytes == 0)
            {
                _dryAt = _time.GetTimestamp();
            }

            _recording?.Write(_played);
            Listen();
        }

        TellWaiters();
    }

    private void TellWaiters()
    {
        lock (_waiters)
        {
            foreach (var waiter in _waiters)
            {
                if (waiter.IsSo())
                {
                    waiter.Done.TrySetResult();
                }
            }
        }
    }

    private void Listen()
    {
        foreach (var word in _ear.Push(_played))
        {
            _record.Hear(new PlayedWord(word.Text, word.IsWhole, word.Utterance, _time.GetTimestamp()));
        }
    }

    private ReadOnlySpan<byte> NextFrame()
    {
        if (!_mouth.TryPeek(out var speech))
        {
            return s_silence;
        }

        var frame = speech.AsSpan(_mouthAt, Math.Min(Frame, speech.Length - _mouthAt));
        _mouthAt += frame.Length;
        if (_mouthAt >= speech.Length)
        {
            _mouthAt = 0;
            _mouth.TryDequeue(out _);
        }

        return frame;
    }

    private byte[] Media(ReadOnlySpan<byte> audio)
    {
        var chunk = ++_chunk;
        Span<byte> head = stackalloc byte[160];
        Utf8.TryWrite(
            head,
            CultureInfo.InvariantCulture,
            $$$"""
            {"event":"media","sequenceNumber":"{{{Interlocked.Increment(ref _sequence)}}}","media":{"track":"inbound","chunk":"{{{chunk}}}","timestamp":"{{{chunk * MediaClock.FrameMilliseconds}}}","payload":"
            """,
            out var before);
        var message = new byte[before + Base64.GetMaxEncodedToUtf8Length(audio.Length) + _mediaTail.Length];
        head[..before].CopyTo(message);
        Base64.EncodeToUtf8(audio, message.AsSpan(before), out _, out var length);
        _mediaTail.CopyTo(message.AsSpan(before + length));
        return message;
    }

    private string Next() => Interlocked.Increment(ref _sequence).ToString(CultureInfo.InvariantCulture);

    private void Reach(string mark)
    {
        _record.Marked(mark, _time.GetTimestamp());
        Post(JsonSerializer.Serialize(new { @event = "mark", sequenceNumber = Next(), streamSid = _streamSid, mark = new { name = mark } }));
    }

    /// <summary>Sent where it is posted while the kernel takes it, which it does but for a peer that has stopped reading: a queue's reader would be woken 50 times a second for each phone.</summary>
    private void Post(byte[] message)
    {
        lock (_sending)
        {
            if (_isOver || _outgoing.Count == MostWaiting)
            {
                return;
            }

            _outgoing.Enqueue(message);
            if (!_isWriting)
            {
                _isWriting = true;
                _writing = WriteAsync();
            }
        }
    }

    private async Task WriteAsync()
    {
        try
        {
            while (TryNext(out var message))
            {
                await _socket.SendAsync(message, WebSocketMessageType.Text, true, CancellationToken.None).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or InvalidOperationException)
        {
            Complete(); // the reader says how it ended
        }
    }

    private bool TryNext([NotNullWhen(true)] out byte[]? message)
    {
        lock (_sending)
        {
            return _isWriting = _outgoing.TryDequeue(out message);
        }
    }

    /// <summary>What is posted from now on is not sent.</summary>
    private void Complete()
    {
        lock (_sending)
        {
            _isOver = true;
        }
    }

    /// <summary>No more is posted; what waits is sent.</summary>
    private Task FlushAsync()
    {
        lock (_sending)
        {
            _isOver = true;
            return _writing;
        }
    }

    private async Task ReadAsync()
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        // Reads and sends take no token: each would register with it.
        await using var end = _end.Token.UnsafeRegister(static s => ((WebSocket)s!).Abort(), _socket).ConfigureAwait(false);
        try
        {
            while (true)
            {
                buffer.ResetWrittenCount();
                ValueWebSocketReceiveResult part;
                do
                {
                    part = await _socket.ReceiveAsync(buffer.GetMemory(4096), CancellationToken.None).ConfigureAwait(false);
                    buffer.Advance(part.Count);
                }
                while (!part.EndOfMessage);

                if (part.MessageType is WebSocketMessageType.Close)
                {
                    break;
                }

                Take(buffer.WrittenSpan);
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException)
        {
            // The stream has ended; what follows is for the call.
        }

        MediaClock.Shared.Remove(this);
        Complete();
        await CloseAsync().ConfigureAwait(false);
    }

    private async Task CloseAsync()
    {
        try
        {
            if (_socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
            {
                await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, _end.Token).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or InvalidOperationException)
        {
            _socket.Abort(); // closed by both at once
        }
    }

    /// <summary>Media, mark or clear of this stream; anything else is dropped with one warning, as Twilio does (31951).</summary>
    private void Take(ReadOnlySpan<byte> message)
    {
        var at = _time.GetTimestamp();
        var json = new Utf8JsonReader(message);
        string? kind = null, stream = null, mark = null;
        byte[]? audio = null;
        try
        {
            while (json.Read())
            {
                if (json.TokenType is not JsonTokenType.PropertyName)
                {
                    continue;
                }

                var name = json.GetString();
                json.Read();
                switch (name)
                {
                    case "event":
                        kind = json.GetString();
                        break;
                    case "streamSid":
                        stream = json.GetString();
                        break;
                    case "payload":
                        audio = json.GetBytesFromBase64();
                        break;
                    case "name":
                        mark = json.GetString();
                        break;
                }
            }
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException)
        {
            Violate("no JSON of the protocol");
            return;
        }

        if (!string.Equals(stream, _streamSid, StringComparison.Ordinal))
        {
            Violate("another stream's id");
            return;
        }

        lock (_gate)
        {
            switch (kind)
            {
                case "media" when audio is { Length: > 0 }:
                    var isDry = _buffer.Bytes == 0;
                    _buffer.Add(audio);
                    _record.Received(audio.Length, _buffer.Bytes, isDry, isDry && _dryAt != 0 && _time.GetElapsedTime(_dryAt, at) < TimeSpan.FromMilliseconds(100), at);
                    break;
                case "mark" when mark is { Length: > 0 }:
                    if (_buffer.Bytes == 0)
                    {
                        Reach(mark);
                    }
                    else
                    {
                        _buffer.AddMark(mark);
                    }

                    break;
                case "clear":
                    _record.Cleared(at);
                    _buffer.Clear(Reach);
                    _dryAt = 0;
                    break;
                default:
                    Violate($"event {kind}");
                    break;
            }
        }
    }

    private void Violate(string what)
    {
        if (!_wasWrong)
        {
            _wasWrong = true;
            _record.Violated("31951 " + what);
        }
    }

    private sealed record Waiter(Func<bool> IsSo)
    {
        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
