using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using ToolBackend.LocalStack.Simulators.Audio;
using ToolBackend.LocalStack.Simulators.Http;
using ToolBackend.LocalStack.Simulators.Sockets;

namespace ToolBackend.LocalStack.Simulators.ElevenLabs;

/// <summary>
/// ElevenLabs' text to speech on this machine: <c>stream-input</c>, <c>multi-stream-input</c> and <c>POST stream</c>. It speaks <see cref="AudibleText"/> of the very words
/// that it was given. Driven in process or below <c>/_sim</c> as the Deepgram simulator. The first byte of a context is its first message <c>audio</c> in
/// <see cref="SimulatedConnection.Sent"/>, its context the detail.
/// </summary>
public sealed class ElevenLabsSimulator : IAsyncDisposable
{
    private readonly ElevenLabsSimulatorOptions _options;
    private readonly SocketHost _sockets;
    private SimulatorServer _server = null!;

    private ElevenLabsSimulator(ElevenLabsSimulatorOptions options)
    {
        _options = options;
        _sockets = new SocketHost(options.Time);
    }

    /// <summary>Base address without a slash at the end; <c>Vendors:ElevenLabs:BaseUrl</c>.</summary>
    public string Url => _server.Url;

    public string ApiKey => _options.ApiKey;

    public ConnectionLog Connections => _sockets.Connections;

    /// <summary>Of requests and upgrades.</summary>
    public FaultBoard Faults { get; } = new();

    /// <summary>Of accepted websockets.</summary>
    public SocketFaultBoard SocketFaults => _sockets.Faults;

    public RequestLog Requests { get; } = new();

    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<ElevenLabsSimulator> StartAsync(ElevenLabsSimulatorOptions? options = null, CancellationToken cancellation = default)
    {
        var simulator = new ElevenLabsSimulator(options ?? new ElevenLabsSimulatorOptions());
        simulator._server = await SimulatorServer.StartAsync(
            simulator._options.Port, simulator._options.Time, simulator.Faults, simulator.Requests, ElevenLabsErrors.WriteAsync, simulator.Map, cancellation);
        return simulator;
    }

    public async ValueTask DisposeAsync()
    {
        await _sockets.DisposeAsync();
        await _server.DisposeAsync();
    }

    private void Map(WebApplication app)
    {
        app.UseKeptWebSockets();
        app.Use(next => context => IsOpenToAll(context) || context.Request.Headers[ElevenLabsEndpoints.KeyHeader] == _options.ApiKey
            ? next(context)
            : ElevenLabsErrors.InvalidKeyAsync(context));
        var endpoints = new ElevenLabsEndpoints(_options, _sockets);
        app.MapGet("/v1/text-to-speech/{voice}/stream-input", endpoints.StreamInputAsync);
        app.MapGet("/v1/text-to-speech/{voice}/multi-stream-input", endpoints.MultiStreamInputAsync);
        app.MapPost("/v1/text-to-speech/{voice}/stream", endpoints.StreamAsync);
        app.MapGet("/v1/models", () => new[] { new { model_id = "eleven_flash_v2_5", name = "Eleven Flash v2.5", can_do_text_to_speech = true } });
        app.MapGet("/v1/user", () => new { user_id = "simulated", subscription = new { tier = "scale", character_count = 0, character_limit = 2_000_000 } });
        app.MapSocketAdmin(Faults, _sockets, Requests);
        app.MapFallback("{**path}", http => ElevenLabsErrors.WriteAsync(http, StatusCodes.Status404NotFound));
    }

    /// <summary>Websockets say only after the upgrade that a key is wrong.</summary>
    private static bool IsOpenToAll(HttpContext http) => http.Request.Path.StartsWithSegments(FaultGate.AdminPath) || http.WebSockets.IsWebSocketRequest;
}
