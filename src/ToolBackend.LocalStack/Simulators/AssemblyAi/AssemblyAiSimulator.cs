using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using ToolBackend.LocalStack.Simulators.Audio;
using ToolBackend.LocalStack.Simulators.Http;
using ToolBackend.LocalStack.Simulators.Sockets;

namespace ToolBackend.LocalStack.Simulators.AssemblyAi;

/// <summary>
/// AssemblyAI's streaming API v3 on this machine. It hears <see cref="AudibleText"/>. Driven in process or below <c>/_sim</c> as the Deepgram simulator.
/// </summary>
public sealed class AssemblyAiSimulator : IAsyncDisposable
{
    private static readonly TimeSpan s_minute = TimeSpan.FromMinutes(1);

    private readonly AssemblyAiSimulatorOptions _options;
    private readonly SocketHost _sockets;
    private readonly Lock _gate = new();
    private readonly HashSet<string> _tokens = new(StringComparer.Ordinal);
    private readonly Queue<long> _sessions = new();
    private SimulatorServer _server = null!;

    private AssemblyAiSimulator(AssemblyAiSimulatorOptions options)
    {
        _options = options;
        _sockets = new SocketHost(options.Time);
    }

    /// <summary>Base address without a slash at the end; <c>Vendors:AssemblyAI:BaseUrl</c>.</summary>
    public string Url => _server.Url;

    public string ApiKey => _options.ApiKey;

    public ConnectionLog Connections => _sockets.Connections;

    /// <summary>Of requests and upgrades.</summary>
    public FaultBoard Faults { get; } = new();

    /// <summary>Of accepted websockets.</summary>
    public SocketFaultBoard SocketFaults => _sockets.Faults;

    public RequestLog Requests { get; } = new();

    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<AssemblyAiSimulator> StartAsync(AssemblyAiSimulatorOptions? options = null, CancellationToken cancellation = default)
    {
        var simulator = new AssemblyAiSimulator(options ?? new AssemblyAiSimulatorOptions());
        simulator._server = await SimulatorServer.StartAsync(
            simulator._options.Port, simulator._options.Time, simulator.Faults, simulator.Requests, WriteErrorAsync, simulator.Map, cancellation);
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
        app.MapGet("/v3/ws", StreamAsync);
        app.MapGet("/v3/token", http => HasKey(http) ? http.Response.WriteAsJsonAsync(Grant(http), http.RequestAborted) : WriteErrorAsync(http, 401));
        app.MapGet("/v2/transcript", http => HasKey(http)
            ? http.Response.WriteAsJsonAsync(new { page_details = new { limit = 1, result_count = 0 }, transcripts = Array.Empty<object>() }, http.RequestAborted)
            : WriteErrorAsync(http, 401));
        app.MapSocketAdmin(Faults, _sockets, Requests);
        app.MapFallback("{**path}", http => WriteErrorAsync(http, StatusCodes.Status404NotFound));
    }

    private Task StreamAsync(HttpContext http)
    {
        var reader = new QueryReader(http.Request.Query);
        var query = StreamQuery.Read(reader);
        if (reader.Error is not null || !http.WebSockets.IsWebSocketRequest)
        {
            return WriteErrorAsync(http, 400, reader.Error ?? "This is a websocket.");
        }

        var refusal = Refusal(http);
        return _sockets.RunAsync(http, countsReceived: true, socket =>
            new StreamSession(socket, new StreamMessages(socket, _options.ProcessingDelay), query, _options, refusal));
    }

    /// <summary>A bad key is told after the upgrade.</summary>
    private (int Status, string Reason)? Refusal(HttpContext http)
    {
        lock (_gate)
        {
            if (!HasKey(http) && !_tokens.Remove(http.Request.Query["token"].ToString()))
            {
                return (1008, "Unauthorized Connection: " + (http.Request.Headers.Authorization.Count == 0 ? "Missing Authorization header" : "Invalid API key"));
            }

            var now = _options.Time.GetTimestamp();
            while (_sessions.TryPeek(out var oldest) && _options.Time.GetElapsedTime(oldest, now) >= s_minute)
            {
                _sessions.Dequeue();
            }

            if (_sessions.Count >= _options.SessionsPerMinute)
            {
                return (_options.TooManyStatus, "Unauthorized Connection: Too many concurrent sessions");
            }

            _sessions.Enqueue(now);
            return null;
        }
    }

    /// <summary>The key as it is, with no scheme.</summary>
    private bool HasKey(HttpContext http) => http.Request.Headers.Authorization.ToString() == _options.ApiKey;

    private object Grant(HttpContext http)
    {
        var token = Guid.NewGuid().ToString("N");
        lock (_gate)
        {
            _tokens.Add(token);
        }

        return new { token, expires_in_seconds = new QueryReader(http.Request.Query).Integer("expires_in_seconds", 1, 600) ?? 60 };
    }

    private static Task WriteErrorAsync(HttpContext http, int status) => WriteErrorAsync(http, status, ReasonPhrases.GetReasonPhrase(status));

    private static Task WriteErrorAsync(HttpContext http, int status, string error)
    {
        http.Response.StatusCode = status;
        return http.Response.WriteAsJsonAsync(new { error }, http.RequestAborted);
    }
}
