using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using ToolBackend.LocalStack.Simulators.Http;
using ToolBackend.LocalStack.Simulators.Language.Faults;
using ToolBackend.LocalStack.Simulators.Language.Rules;
using ToolBackend.LocalStack.Simulators.Language.Wire;

namespace ToolBackend.LocalStack.Simulators.Language;

/// <summary>
/// Groq, Together and Fireworks on this machine: streaming chat completions with each vendor's own bytes, at exact moments. Who answers is a script or, by default, a
/// model of rules that can hold the conversations of the assistants in <c>vapi/</c>. Everything below <c>/_sim</c> drives it from outside (<see cref="LanguageAdmin"/>).
/// </summary>
public sealed class LanguageSimulator : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _random = new();
    private Random _moments;
    private SimulatorServer _server = null!;
    private long _number;

    private LanguageSimulator(LanguageSimulatorOptions options)
    {
        Options = options;
        Timing = options.Timing;
        Wire = options.Wire;
        _moments = new Random(options.Seed);
    }

    /// <summary>Base address without a slash at the end; <c>Vendors:Groq:BaseUrl</c>, <c>Vendors:Together:BaseUrl</c> and <c>Vendors:Fireworks:BaseUrl</c>.</summary>
    public string Url => _server.Url;

    public string ApiKey => Options.ApiKey;

    /// <summary>Answers every request instead of the model; null for none. May be set while requests run.</summary>
    public Func<CompletionRequest, CompletionAnswer>? Script { get; set; }

    /// <summary>Of answers that begin from now on.</summary>
    public TokenTiming Timing { get; set; }

    /// <summary>Of answers that begin from now on.</summary>
    public WireForm Wire { get; set; }

    /// <summary>Faults of HTTP: statuses, web pages, hangs, refusals. A vendor is chosen by its path.</summary>
    public FaultBoard Faults { get; } = new();

    /// <summary>Faults of streams that were accepted.</summary>
    public StreamFaultBoard StreamFaults { get; } = new();

    public RequestLog Requests { get; } = new();

    public GenerationLog Generations { get; } = new();

    internal LanguageSimulatorOptions Options { get; }

    internal ModelCatalog Models { get; } = new();

    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<LanguageSimulator> StartAsync(LanguageSimulatorOptions? options = null, CancellationToken cancellation = default)
    {
        var simulator = new LanguageSimulator(options ?? new LanguageSimulatorOptions());
        simulator._server = await SimulatorServer.StartAsync(
            simulator.Options.Port, simulator.Options.Time, simulator.Faults, simulator.Requests, simulator.WriteErrorAsync, simulator.Map, cancellation);
        return simulator;
    }

    /// <summary>No script, no faults, first timing and form, empty logs.</summary>
    public void Reset()
    {
        Script = null;
        Timing = Options.Timing;
        Wire = Options.Wire;
        Faults.Clear();
        StreamFaults.Clear();
        Requests.Clear();
        Generations.Clear();
        lock (_random)
        {
            _moments = new Random(Options.Seed);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _server.DisposeAsync();
        _stopping.Dispose();
    }

    internal CompletionAnswer Answer(CompletionRequest request) => (Script ?? Options.Answers ?? RuleModel.Answer)(request);

    internal long NextNumber() => Interlocked.Increment(ref _number);

    internal TimeSpan[] Moments(int tokens)
    {
        lock (_random)
        {
            return Timing.Moments(tokens, _moments);
        }
    }

    private Task WriteErrorAsync(HttpContext http, int status)
    {
        var vendor = SimulatedVendorPaths.Of(http.Request.Path);
        RateHeaders.Write(http.Response.Headers, vendor, Interlocked.Read(ref _number));
        return VendorErrors.OfStatus(vendor, status).WriteAsync(http);
    }

    private void Map(WebApplication app)
    {
        foreach (var vendor in Enum.GetValues<SimulatedVendor>())
        {
            var endpoint = new CompletionEndpoint(this, vendor, _stopping.Token);
            app.MapPost(vendor.Prefix() + "/chat/completions", http => GuardAsync(http, vendor, endpoint.ServeAsync));
            app.MapMethods(vendor.Prefix() + "/models", ["GET", "HEAD"], http => GuardAsync(http, vendor, ListAsync));
        }

        LanguageAdmin.Map(app, this);
        app.MapFallback("{**path}", http => VendorErrors.OfStatus(SimulatedVendorPaths.Of(http.Request.Path), StatusCodes.Status404NotFound).WriteAsync(http));
    }

    private Task GuardAsync(HttpContext http, SimulatedVendor vendor, RequestDelegate serve)
    {
        RateHeaders.Write(http.Response.Headers, vendor, Interlocked.Read(ref _number));
        return http.Request.Headers.Authorization.ToString() == "Bearer " + ApiKey ? serve(http) : VendorErrors.OfStatus(vendor, StatusCodes.Status401Unauthorized).WriteAsync(http);
    }

    private Task ListAsync(HttpContext http)
    {
        http.Response.ContentType = "application/json";
        return HttpMethods.IsHead(http.Request.Method) ? Task.CompletedTask : http.Response.WriteAsync(Models.List(SimulatedVendorPaths.Of(http.Request.Path)), http.RequestAborted);
    }
}
