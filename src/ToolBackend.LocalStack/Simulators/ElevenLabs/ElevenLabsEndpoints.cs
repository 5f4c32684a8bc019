using System.Text.Json;
using Microsoft.AspNetCore.Http;
using ToolBackend.LocalStack.Simulators.Http;
using ToolBackend.LocalStack.Simulators.Sockets;
using ToolBackend.LocalStack.Simulators.Voices;

namespace ToolBackend.LocalStack.Simulators.ElevenLabs;

/// <summary>Checks what is asked and runs the sessions.</summary>
internal sealed class ElevenLabsEndpoints(ElevenLabsSimulatorOptions options, SocketHost sockets)
{
    public const string KeyHeader = "xi-api-key";

    private int _generating;

    public Task StreamInputAsync(HttpContext http, string voice) => OpenAsync(http, voice, (socket, messages, query, gatekeeper) =>
        new StreamInputSession(socket, messages, query, options, gatekeeper));

    public Task MultiStreamInputAsync(HttpContext http, string voice) => OpenAsync(http, voice, (socket, messages, query, gatekeeper) =>
        new MultiStreamSession(socket, messages, query, options, gatekeeper));

    /// <summary>POST: the whole text at once, audio as a chunked body.</summary>
    public async Task StreamAsync(HttpContext http, string voice)
    {
        if (options.Voices is { } voices && !voices.Contains(voice, StringComparer.Ordinal))
        {
            await ElevenLabsErrors.BadRequestAsync(http, "voice_not_found", $"A voice with voice_id '{voice}' was not found.");
            return;
        }

        if (http.Request.Query["output_format"] != "ulaw_8000")
        {
            await ElevenLabsErrors.BadRequestAsync(http, "output_format_not_supported", "output_format=ulaw_8000 is required in the query: the simulator knows telephone audio only.");
            return;
        }

        if (await TextAsync(http) is not { Length: > 0 } text)
        {
            await ElevenLabsErrors.MissingFieldAsync(http, "text");
            return;
        }

        var headers = http.Response.Headers;
        headers["request-id"] = Guid.NewGuid().ToString("N");
        headers["character-cost"] = $"{text.Length}";
        headers["current-concurrent-requests"] = $"{Interlocked.Increment(ref _generating)}";
        headers["maximum-concurrent-requests"] = "15";
        try
        {
            await SpokenResponse.WriteAsync(http, text, options.Timing, options.Time);
        }
        finally
        {
            Interlocked.Decrement(ref _generating);
        }
    }

    private static async Task<string?> TextAsync(HttpContext http)
    {
        try
        {
            using var body = await JsonDocument.ParseAsync(http.Request.Body, cancellationToken: http.RequestAborted);
            return body.RootElement.ValueKind == JsonValueKind.Object && body.RootElement.TryGetProperty("text", out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private Task OpenAsync(HttpContext http, string voice, Func<SimulatorSocket, VoiceMessages, VoiceQuery, Gatekeeper, ISocketSession> create)
    {
        var reader = new QueryReader(http.Request.Query);
        var query = VoiceQuery.Read(reader);
        if (!http.WebSockets.IsWebSocketRequest)
        {
            reader.Fail("This is a websocket.");
        }

        if (reader.Error is { } error)
        {
            return ElevenLabsErrors.BadRequestAsync(http, "invalid_parameters", error);
        }

        var key = http.Request.Headers[KeyHeader] is [{ } given] ? given : null;
        return sockets.RunAsync(http, countsReceived: false, socket =>
        {
            var messages = new VoiceMessages(socket, options.VariesKeys ? KeyStyle.Of(socket.Record.Number) : KeyStyle.Plain, query.HasAlignment);
            return create(socket, messages, query, new Gatekeeper(socket, messages, query, options, voice, key));
        });
    }
}
