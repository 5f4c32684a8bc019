using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using ToolBackend.LocalStack.Simulators.Audio;

namespace ToolBackend.LocalStack.Tests.Simulators.Sockets;

/// <summary>A plain websocket client that keeps what it was sent.</summary>
internal sealed class SocketClient : IAsyncDisposable
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(10);

    private readonly ClientWebSocket _socket;
    private readonly Channel<JsonObject> _messages = Channel.CreateUnbounded<JsonObject>();
    private readonly MemoryStream _audio = new();
    private readonly CancellationTokenSource _ended = new();
    private readonly Task _reading;

    private SocketClient(ClientWebSocket socket)
    {
        _socket = socket;
        _reading = ReadAsync();
    }

    /// <summary>Texts that were no JSON.</summary>
    public List<string> Garbage { get; } = [];

    public WebSocketCloseStatus? CloseStatus => _socket.CloseStatus;

    public string? CloseReason => _socket.CloseStatusDescription;

    /// <summary>Bytes of binary messages.</summary>
    public byte[] Audio
    {
        get
        {
            lock (_audio)
            {
                return _audio.ToArray();
            }
        }
    }

    public static async Task<SocketClient> ConnectAsync(string url, params (string Name, string Value)[] headers)
    {
        var socket = new ClientWebSocket();
        foreach (var (name, value) in headers)
        {
            socket.Options.SetRequestHeader(name, value);
        }

        socket.Options.CollectHttpResponseDetails = true;
        using var deadline = new CancellationTokenSource(s_deadline);
        try
        {
            await socket.ConnectAsync(new Uri(url.Replace("http://", "ws://", StringComparison.Ordinal)), deadline.Token);
        }
        catch (WebSocketException)
        {
            throw new RefusedUpgradeException((int)socket.HttpStatusCode, socket.HttpResponseHeaders);
        }

        return new SocketClient(socket);
    }

    /// <summary>In pieces, as fast as they go.</summary>
    public async Task SendAudioAsync(byte[] audio, int piece = MuLaw.FrameBytes)
    {
        foreach (var bytes in audio.Chunk(piece))
        {
            await SendBinaryAsync(bytes);
        }
    }

    public Task SayAsync(string text) => SendAudioAsync(AudibleText.Encode(text));

    public Task BeSilentAsync(int milliseconds, int piece = MuLaw.FrameBytes) => SendAudioAsync(AudibleText.Silence(TimeSpan.FromMilliseconds(milliseconds)), piece);

    public async Task SendBinaryAsync(byte[] bytes)
    {
        using var deadline = new CancellationTokenSource(s_deadline);
        await _socket.SendAsync(bytes, WebSocketMessageType.Binary, endOfMessage: true, deadline.Token);
    }

    public async Task SendAsync(string json)
    {
        using var deadline = new CancellationTokenSource(s_deadline);
        await _socket.SendAsync(Encoding.UTF8.GetBytes(json), WebSocketMessageType.Text, endOfMessage: true, deadline.Token);
    }

    /// <summary>The next message.</summary>
    /// <exception cref="ChannelClosedException">The socket ended.</exception>
    public async Task<JsonObject> NextAsync()
    {
        using var deadline = new CancellationTokenSource(s_deadline);
        return await _messages.Reader.ReadAsync(deadline.Token);
    }

    /// <summary>The next message of which this is so; those before it are let go.</summary>
    public async Task<JsonObject> NextAsync(Func<JsonObject, bool> wanted)
    {
        while (true)
        {
            var message = await NextAsync();
            if (wanted(message))
            {
                return message;
            }
        }
    }

    /// <summary>What comes until the socket ends.</summary>
    public async Task<List<JsonObject>> RestAsync()
    {
        using var deadline = new CancellationTokenSource(s_deadline);
        var rest = new List<JsonObject>();
        await foreach (var message in _messages.Reader.ReadAllAsync(deadline.Token))
        {
            rest.Add(message);
        }

        return rest;
    }

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await _reading;
        _socket.Dispose();
        _ended.Dispose();
    }

    private async Task ReadAsync()
    {
        try
        {
            var buffer = new byte[1 << 16];
            while (true)
            {
                var length = 0;
                ValueWebSocketReceiveResult read;
                do
                {
                    read = await _socket.ReceiveAsync(buffer.AsMemory(length), _ended.Token);
                    length += read.Count;
                }
                while (!read.EndOfMessage);

                if (read.MessageType == WebSocketMessageType.Close)
                {
                    await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, _ended.Token);
                    break;
                }

                Keep(buffer.AsSpan(0, length), read.MessageType);
            }
        }
        catch (Exception error) when (error is WebSocketException or OperationCanceledException)
        {
            // Cut off; the status says nothing then.
        }

        _messages.Writer.TryComplete();
    }

    private void Keep(ReadOnlySpan<byte> message, WebSocketMessageType type)
    {
        if (type == WebSocketMessageType.Binary)
        {
            lock (_audio)
            {
                _audio.Write(message);
            }

            return;
        }

        try
        {
            _messages.Writer.TryWrite(JsonNode.Parse(message)!.AsObject());
        }
        catch (System.Text.Json.JsonException)
        {
            Garbage.Add(Encoding.UTF8.GetString(message));
        }
    }
}

/// <summary>The upgrade was answered with another status.</summary>
internal sealed class RefusedUpgradeException(int status, IReadOnlyDictionary<string, IEnumerable<string>>? headers) : Exception($"Status {status}.")
{
    public int Status => status;

    public string Header(string name) => headers is not null && headers.TryGetValue(name, out var values) ? values.First() : string.Empty;
}
