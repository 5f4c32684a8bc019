using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using ToolBackend.LocalStack.Simulators.Audio;
using ToolBackend.LocalStack.Simulators.Http;
using ToolBackend.LocalStack.Simulators.Sockets;

namespace ToolBackend.LocalStack.Simulators.Deepgram;

/// <summary>
/// Deepgram on this machine: <c>/v1/listen</c> (nova), <c>/v2/listen</c> (Flux) and <c>/v1/speak</c> (Aura). It hears <see cref="AudibleText"/> and speaks it.
/// Driven in process or below <c>/_sim</c>: <c>faults</c> act on requests and upgrades (refused, 401, 429), <c>socket-faults</c> on accepted websockets, <c>connections</c>
/// tells what happened.
/// </summary>
public sealed class DeepgramSimulator : IAsyncDisposable
{
    private readonly DeepgramSimulatorOptions _options;
    private readonly SocketHost _sockets;
    private SimulatorServer _server = null!;

    private DeepgramSimulator(DeepgramSimulatorOptions options)
    {
        _options = options;
        _sockets = new SocketHost(options.Time);
    }

    /// <summary>Base address without a slash at the end; <c>Vendors:Deepgram:BaseUrl</c>.</summary>
    public string Url => _server.Url;

    public string ApiKey => _options.ApiKey;

    public ConnectionLog Connections => _sockets.Connections;

    /// <summary>Of requests and upgrades.</summary>
    public FaultBoard Faults { get; } = new();

    /// <summary>Of accepted websockets.</summary>
    public SocketFaultBoard SocketFaults => _sockets.Faults;

    public RequestLog Requests { get; } = new();

    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<DeepgramSimulator> StartAsync(DeepgramSimulatorOptions? options = null, CancellationToken cancellation = default)
    {
        var simulator = new DeepgramSimulator(options ?? new DeepgramSimulatorOptions());
        simulator._server = await SimulatorServer.StartAsync(
            simulator._options.Port, simulator._options.Time, simulator.Faults, simulator.Requests, DeepgramErrors.WriteAsync, simulator.Map, cancellation);
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
        app.Use(next => context => context.Request.Path.StartsWithSegments(FaultGate.AdminPath) || IsKnown(context) ? next(context) : DeepgramErrors.InvalidKeyAsync(context));
        var endpoints = new DeepgramEndpoints(_options, _sockets);
        app.MapGet("/v1/listen", endpoints.ListenAsync);
        app.MapGet("/v2/listen", endpoints.FluxAsync);
        app.MapGet("/v1/speak", endpoints.SpeakAsync);
        app.MapPost("/v1/speak", endpoints.SpeakOnceAsync);
        app.MapGet("/v1/projects", () => new { projects = new[] { new { project_id = "5b6c6f2e-0000-4000-8000-000000000001", name = "Simulated" } } });
        app.MapGet("/v1/auth/token", () => new { api_key_id = "5b6c6f2e-0000-4000-8000-000000000002", scopes = new[] { "usage:write" } });
        app.MapSocketAdmin(Faults, _sockets, Requests);
        app.MapFallback("{**path}", http => DeepgramErrors.WriteAsync(http, StatusCodes.Status404NotFound));
    }

    /// <summary>Only <c>Token</c>: <c>Bearer</c> is for tokens that the simulator does not grant.</summary>
    private bool IsKnown(HttpContext http)
    {
        DeepgramErrors.RequestId(http);
        return http.Request.Headers.Authorization.ToString() == "Token " + _options.ApiKey;
    }
}
