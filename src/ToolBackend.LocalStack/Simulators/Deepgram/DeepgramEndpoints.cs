using System.Text.Json;
using Microsoft.AspNetCore.Http;
using ToolBackend.LocalStack.Simulators.Http;
using ToolBackend.LocalStack.Simulators.Sockets;
using ToolBackend.LocalStack.Simulators.Voices;

namespace ToolBackend.LocalStack.Simulators.Deepgram;

/// <summary>Checks what is asked and runs the sessions.</summary>
internal sealed class DeepgramEndpoints(DeepgramSimulatorOptions options, SocketHost sockets)
{
    private const int MostCharacters = 2000;

    public Task ListenAsync(HttpContext http)
    {
        var reader = new QueryReader(http.Request.Query);
        var query = ListenQuery.Read(reader);
        return OpenAsync(http, reader, query.IsKnownModel, isTranscriber: true, socket =>
        {
            var timing = Timing(socket);
            var messages = new ListenMessages(socket, query, DeepgramErrors.RequestId(http), options.Confidence, timing.ProcessingDelay);
            return new ListenSession(socket, messages, query, timing, options.AnswersEmptyFinalize);
        });
    }

    public Task FluxAsync(HttpContext http)
    {
        var reader = new QueryReader(http.Request.Query);
        var query = FluxQuery.Read(reader);
        return OpenAsync(http, reader, query.IsKnownModel, isTranscriber: true, socket =>
        {
            var timing = Timing(socket);
            return new FluxSession(socket, new FluxMessages(socket, DeepgramErrors.RequestId(http), timing.ProcessingDelay), query.Thresholds, options, timing);
        });
    }

    public Task SpeakAsync(HttpContext http)
    {
        var reader = new QueryReader(http.Request.Query);
        var query = SpeakQuery.Read(reader);
        return OpenAsync(http, reader, query.IsKnownModel, isTranscriber: false, socket =>
            new SpeakSession(socket, new SpeakMessages(socket, query.Model, DeepgramErrors.RequestId(http)), Timing(socket).Voice));
    }

    /// <summary>POST: the whole text at once, audio as a chunked body.</summary>
    public async Task SpeakOnceAsync(HttpContext http)
    {
        var reader = new QueryReader(http.Request.Query);
        var query = SpeakQuery.Read(reader);
        if (await TextAsync(http) is not { Length: > 0 and <= MostCharacters } text)
        {
            reader.Fail($"text must have 1 to {MostCharacters} characters.");
            text = string.Empty;
        }

        if (reader.Error is { } error)
        {
            await DeepgramErrors.BadRequestAsync(http, error);
        }
        else if (!query.IsKnownModel)
        {
            await DeepgramErrors.UnknownModelAsync(http);
        }
        else
        {
            await SpokenResponse.WriteAsync(http, text, options.Timing.Voice, options.Time);
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

    private Task OpenAsync(HttpContext http, QueryReader query, bool isKnownModel, bool isTranscriber, Func<SimulatorSocket, ISocketSession> create)
    {
        if (!http.WebSockets.IsWebSocketRequest)
        {
            query.Fail("this is a websocket.");
        }

        if (query.Error is { } error)
        {
            return DeepgramErrors.BadRequestAsync(http, error);
        }

        return isKnownModel ? sockets.RunAsync(http, isTranscriber, create) : DeepgramErrors.UnknownModelAsync(http);
    }

    private DeepgramTiming Timing(SimulatorSocket socket) => options.TimingOf?.Invoke(socket.Record) ?? options.Timing;
}
