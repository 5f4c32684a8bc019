using System.Buffers.Text;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ToolBackend.Load.Language;

/// <summary>
/// A bare socket that answers every request on a connection with one chat completions stream. Each token's text is the timestamp just before its bytes are given to the
/// socket, so that whoever reads it knows how long it was under way.
/// </summary>
internal sealed class TimedTokenServer : IAsyncDisposable
{
    private const string Head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
    private const string Opening = """{"id":"chatcmpl-0000000001","object":"chat.completion.chunk","created":1778031305,"model":"openai/gpt-oss-120b","system_fingerprint":"fp_5b339000ab","choices":[{"index":0,"delta":{"content":" """;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly int _tokens;
    private readonly TimeSpan _interval;
    private readonly Task _serving;

    public TimedTokenServer(int tokens, TimeSpan interval)
    {
        _tokens = tokens;
        _interval = interval;
        _listener.Start();
        _serving = ServeAsync();
    }

    public string Url => "http://" + _listener.LocalEndpoint.ToString();

    /// <summary>How long ago a token's bytes were given to the socket.</summary>
    public static TimeSpan Age(string token) => Stopwatch.GetElapsedTime(long.Parse(token.AsSpan().Trim(), CultureInfo.InvariantCulture));

    /// <summary>The same for the first token in a piece of raw bytes; null when there is none.</summary>
    public static TimeSpan? Age(ReadOnlySpan<byte> bytes)
    {
        var at = bytes.IndexOf("\"content\":\" "u8);
        return at >= 0 && Utf8Parser.TryParse(bytes[(at + 12)..], out long stamp, out _) ? Stopwatch.GetElapsedTime(stamp) : null;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Stop();
        await _serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
    }

    private async Task ServeAsync()
    {
        var connections = new List<Task>();
        while (!_stopping.IsCancellationRequested)
        {
            var socket = await _listener.AcceptSocketAsync(_stopping.Token);
            connections.Add(AnswerAllAsync(socket));
        }

        await Task.WhenAll(connections);
    }

    private async Task AnswerAllAsync(Socket socket)
    {
        using var _ = socket;
        socket.NoDelay = true;
        var buffer = new byte[64 * 1024];
        try
        {
            // The requests of the probe fit into one segment of the loopback.
            while (await socket.ReceiveAsync(buffer, _stopping.Token) > 0)
            {
                await socket.SendAsync(Encoding.ASCII.GetBytes(Head), _stopping.Token);
                for (var i = 0; i < _tokens; i++)
                {
                    await Task.Delay(_interval, _stopping.Token);
                    await socket.SendAsync(Chunk($"data: {Opening}{Stopwatch.GetTimestamp()}\"}},\"logprobs\":null,\"finish_reason\":null}}]}}\n\n"), _stopping.Token);
                }

                await socket.SendAsync(
                    Encoding.ASCII.GetBytes(Encoding.ASCII.GetString(Chunk("data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n")) + "0\r\n\r\n"), _stopping.Token);
            }
        }
        catch (Exception error) when (error is SocketException or OperationCanceledException)
        {
            return; // the probe is over
        }
    }

    private static byte[] Chunk(string text) => Encoding.ASCII.GetBytes($"{text.Length:x}\r\n{text}\r\n");
}
