using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using ToolBackend.Voice.Audio;

namespace ToolBackend.Voice.Hosting.Warming;

/// <summary>
/// Stand-ins for the vendors of a rehearsed call, on a loopback port of their own that closes with the warm-up. They speak as much of each protocol as one short call needs: a transcriber that hears two
/// sentences in any audio, a model that answers the first and ends the call at the second, a voice that hums.
/// </summary>
internal sealed class RehearsalVendors : IAsyncDisposable
{
    public const string First = "Hello there.", Second = "Goodbye.";

    private const int MostBytes = 64 * 1024;

    private static readonly byte[] s_hum = [.. Enumerable.Range(0, MuLaw.Bytes(TimeSpan.FromMilliseconds(150))).Select(i => (byte)(i % 2 == 0 ? 0x10 : 0x90))];

    private readonly WebApplication _server;
    private readonly CancellationToken _end;

    private RehearsalVendors(WebApplication server, CancellationToken end) => (_server, _end) = (server, end);

    /// <summary><c>http://127.0.0.1:PORT</c>.</summary>
    public string Url => _server.Urls.First();

    /// <param name="serveLine">Serves a media socket; told whether the call's transcriber is Flux.</param>
    public static async Task<RehearsalVendors> StartAsync(Func<WebSocket, bool, Task> serveLine, CancellationToken end)
    {
        // Empty: nothing that configures the host configures this one.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(o => o.Listen(IPAddress.Loopback, 0));
        builder.Services.AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance);
        var vendors = new RehearsalVendors(builder.Build(), end);
        vendors._server.UseWebSockets();
        vendors._server.Run(http => vendors.ServeAsync(http, serveLine));
        await vendors._server.StartAsync(end);
        return vendors;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task ServeAsync(HttpContext http, Func<WebSocket, bool, Task> serveLine)
    {
        var path = http.Request.Path.Value ?? "";
        if (path.EndsWith("/chat/completions", StringComparison.Ordinal))
        {
            await AnswerAsync(http);
        }
        else if (http.WebSockets.IsWebSocketRequest)
        {
            using var socket = await http.WebSockets.AcceptWebSocketAsync();
            await (path switch
            {
                "/v1/listen" or "/v2/listen" => HearAsync(socket, isFlux: path is "/v2/listen"),
                "/line/flux" or "/line/nova" => serveLine(socket, path is "/line/flux"),
                _ => SpeakAsync(socket),
            });
        }
        else
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
        }
    }

    /// <summary>The first sentence stands in 0.2 to 0.35 s of audio, the second half a second behind it.</summary>
    private async Task HearAsync(WebSocket socket, bool isFlux)
    {
        var heard = 0;
        var said = 0;
        if (isFlux)
        {
            await SendAsync(socket, """{"type":"Connected","request_id":"rehearsal"}""");
        }

        await ReadAsync(socket, async message =>
        {
            heard += message.MessageType is WebSocketMessageType.Binary ? message.Bytes.Length : 0;
            var seconds = heard / (double)MuLaw.Bytes(TimeSpan.FromSeconds(1));
            while (said < 4 && seconds > 0.2 + (0.15 * (said % 2)) + (0.5 * (said / 2)))
            {
                var (turn, isEnd) = (said / 2, said++ % 2 == 1);
                var text = turn == 0 ? First : Second;
                foreach (var json in isFlux ? Flux(turn, text, isEnd, seconds) : [Nova(text, isEnd, seconds)])
                {
                    await SendAsync(socket, json);
                }
            }

            return !message.Text.Contains("CloseStream", StringComparison.Ordinal);
        });
    }

    private static IEnumerable<string> Flux(int turn, string text, bool isEnd, double seconds) =>
        (isEnd ? (string[])["EagerEndOfTurn", "EndOfTurn"] : ["StartOfTurn", "Update"]).Select(happened => string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"type":"TurnInfo","event":"{{happened}}","turn_index":{{turn}},"audio_window_start":0,"audio_window_end":{{seconds:0.00}},"transcript":"{{text}}","words":[{"word":"{{text}}","confidence":0.99}],"end_of_turn_confidence":0.9}"""));

    private static string Nova(string text, bool isEnd, double seconds)
    {
        var end = isEnd ? "true" : "false";
        var start = Math.Max(0, seconds - 0.15).ToString("0.00", CultureInfo.InvariantCulture);
        return $$$"""{"type":"Results","start":{{{start}}},"duration":0.15,"is_final":{{{end}}},"speech_final":{{{end}}},"channel":{"alternatives":[{"transcript":"{{{text}}}","confidence":0.99,"words":[]}]}}""";
    }

    private async Task SpeakAsync(WebSocket socket) => await ReadAsync(socket, async message =>
    {
        using var json = JsonDocument.Parse(message.Text);
        if (!json.RootElement.TryGetProperty("context_id", out var context))
        {
            return !json.RootElement.TryGetProperty("close_socket", out _);
        }

        if (json.RootElement.TryGetProperty("text", out var text) && text.GetString() is { Length: > 0 } words)
        {
            await SendAsync(socket, JsonSerializer.Serialize(new
            {
                audio = Convert.ToBase64String(s_hum),
                alignment = new { chars = words.Select(c => c.ToString()), charStartTimesMs = words.Select((_, i) => i * 150 / words.Length), charDurationsMs = words.Select(_ => 1) },
                contextId = context.GetString(),
            }));
        }

        if (json.RootElement.TryGetProperty("close_context", out _))
        {
            await SendAsync(socket, JsonSerializer.Serialize(new { isFinal = true, contextId = context.GetString() }));
        }

        return true;
    });

    private async Task AnswerAsync(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body);
        var asked = await reader.ReadToEndAsync(_end);
        http.Response.ContentType = "text/event-stream";
        string[] deltas = asked.Contains(Second, StringComparison.Ordinal)
            ? ["""{"role":"assistant","tool_calls":[{"index":0,"id":"rehearsal","type":"function","function":{"name":"endCall","arguments":""}}]}""", """{"tool_calls":[{"index":0,"function":{"arguments":"{}"}}]}"""]
            : ["""{"role":"assistant","content":"It is "}""", """{"content":"all fine "}""", """{"content":"today."}"""];
        foreach (var delta in deltas)
        {
            await http.Response.WriteAsync($$"""data: {"id":"rehearsal","choices":[{"index":0,"delta":{{delta}},"finish_reason":null}]}""" + "\n\n", _end);
            await http.Response.Body.FlushAsync(_end);
        }

        var finish = deltas.Length == 2 ? "tool_calls" : "stop";
        await http.Response.WriteAsync(
            $$"""data: {"id":"rehearsal","choices":[{"index":0,"delta":{},"finish_reason":"{{finish}}"}]}""" + "\n\n"
            + """data: {"id":"rehearsal","choices":[],"usage":{"prompt_tokens":1,"completion_tokens":1,"total_tokens":2}}""" + "\n\ndata: [DONE]\n\n",
            _end);
    }

    private Task SendAsync(WebSocket socket, string json) => socket.SendAsync(Encoding.UTF8.GetBytes(json), WebSocketMessageType.Text, true, _end);

    /// <summary>Until either side has had enough.</summary>
    private async Task ReadAsync(WebSocket socket, Func<(WebSocketMessageType MessageType, ReadOnlyMemory<byte> Bytes, string Text), Task<bool>> take)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(MostBytes);
        try
        {
            while (await socket.ReceiveAsync(buffer.AsMemory(), _end) is { EndOfMessage: true } part && part.MessageType is not WebSocketMessageType.Close)
            {
                var bytes = buffer.AsMemory(0, part.Count);
                if (!await take((part.MessageType, bytes, part.MessageType is WebSocketMessageType.Text ? Encoding.UTF8.GetString(bytes.Span) : "")))
                {
                    break;
                }
            }

            await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, _end);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException)
        {
            socket.Abort(); // the call is over, or the warm-up
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
