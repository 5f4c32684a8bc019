using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text;

namespace ToolBackend.Voice.Tests.Vendors;

/// <summary>One connection of ours at a <see cref="ScriptedVendor"/>, with everything that came over it.</summary>
internal sealed class VendorConnection(int number, string path, string query, string? authorization, WebSocket socket, CancellationToken cut)
{
    private readonly byte[] _buffer = new byte[64 * 1024];
    private readonly SemaphoreSlim _sending = new(1, 1);

    /// <summary>0 for the first.</summary>
    public int Number => number;

    public string Path => path;

    public string Query => query;

    public string? Authorization => authorization;

    public ConcurrentQueue<string> Texts { get; } = new();

    public ConcurrentQueue<byte[]> Audio { get; } = new();

    public int AudioBytes => Audio.Sum(static a => a.Length);

    public Task SayAsync(string json) => SendAsync(Encoding.UTF8.GetBytes(json), WebSocketMessageType.Text);

    public Task SayAsync(byte[] bytes, bool text) => SendAsync(bytes, text ? WebSocketMessageType.Text : WebSocketMessageType.Binary);

    /// <summary>The next message, kept as well; null when our side closed.</summary>
    public async Task<string?> HearAsync()
    {
        var length = 0;
        while (true)
        {
            var part = await socket.ReceiveAsync(_buffer.AsMemory(length), cut);
            if (part.MessageType is WebSocketMessageType.Close)
            {
                return null;
            }

            length += part.Count;
            if (!part.EndOfMessage)
            {
                continue;
            }

            if (part.MessageType is WebSocketMessageType.Binary)
            {
                Audio.Enqueue(_buffer[..length]);
                return "";
            }

            var text = Encoding.UTF8.GetString(_buffer, 0, length);
            Texts.Enqueue(text);
            return text;
        }
    }

    /// <summary>Takes what comes until a text contains the word, or our side is gone.</summary>
    public async Task<bool> HearUntilAsync(string word)
    {
        while (await HearAsync() is { } text)
        {
            if (text.Contains(word, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Takes audio until there is so much of it.</summary>
    public async Task HearAudioAsync(int bytes)
    {
        while (AudioBytes < bytes && await HearAsync() is not null)
        {
        }
    }

    public Task CloseAsync(int status, string reason) => socket.CloseOutputAsync((WebSocketCloseStatus)status, reason, cut);

    /// <summary>Takes what comes, silently, until the vendor ends.</summary>
    public async Task IgnoreAsync()
    {
        while (await HearAsync() is not null)
        {
        }
    }

    private async Task SendAsync(byte[] bytes, WebSocketMessageType type)
    {
        await _sending.WaitAsync(cut);
        try
        {
            await socket.SendAsync(bytes, type, endOfMessage: true, cut);
        }
        finally
        {
            _sending.Release();
        }
    }
}
