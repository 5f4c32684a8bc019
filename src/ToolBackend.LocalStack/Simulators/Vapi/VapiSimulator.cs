using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ToolBackend.LocalStack.Simulators.Http;
using ToolBackend.LocalStack.Simulators.Vapi.Bypass;
using ToolBackend.LocalStack.Simulators.Vapi.Calls;
using ToolBackend.LocalStack.Simulators.Vapi.Resources;

namespace ToolBackend.LocalStack.Simulators.Vapi;

/// <summary>
/// Vapi on this machine: one organisation with its REST API, calls that are played from scripts against its webhook, and control URLs. Everything below
/// <c>/_sim</c> drives it from outside (see <see cref="AdminEndpoints"/>).
/// </summary>
public sealed class VapiSimulator : IAsyncDisposable
{
    private const int MostCommands = 10_000;

    private readonly ConcurrentQueue<ControlCommand> _commands = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly PlayDesk _desk;
    private readonly BypassCalls _bypass;
    private SimulatorServer _server = null!;
    private int _created;

    private VapiSimulator(VapiSimulatorOptions options)
    {
        Options = options;
        Calls = new CallBook(options.Time);
        Resources = new SimulatedResources(options.Time);
        _desk = new PlayDesk(this, _stopping.Token);
        _bypass = new BypassCalls(this, _stopping.Token);
    }

    /// <summary>Base address without a slash at the end; <c>Vendors:Vapi:BaseUrl</c>.</summary>
    public string Url => _server.Url;

    public string ApiKey => Options.ApiKey;

    public CallBook Calls { get; }

    /// <summary>Assistants, tools, squads, phone numbers, credentials and structured outputs.</summary>
    public SimulatedResources Resources { get; }

    public FaultBoard Faults { get; } = new();

    public RequestLog Requests { get; } = new();

    /// <summary>What came to control URLs, oldest first, the last 10,000.</summary>
    public IReadOnlyCollection<ControlCommand> Commands => _commands;

    /// <summary>Bypass calls whose media socket was connected.</summary>
    public IReadOnlyCollection<BypassRecord> BypassCalls => _bypass.Records;

    internal VapiSimulatorOptions Options { get; }

    internal TimeProvider Time => Options.Time;

    internal PlayDesk Desk => _desk;

    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<VapiSimulator> StartAsync(VapiSimulatorOptions? options = null, CancellationToken cancellation = default)
    {
        var simulator = new VapiSimulator(options ?? new VapiSimulatorOptions());
        simulator._server = await SimulatorServer.StartAsync(
            simulator.Options.Port, simulator.Time, simulator.Faults, simulator.Requests, NestErrors.WriteAsync, simulator.Map, cancellation);
        return simulator;
    }

    /// <summary>A sender whose calls this organisation knows: <c>GET /call/{id}</c> follows them and their control URLs are served here.</summary>
    /// <param name="target">Null: the organisation's webhook.</param>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public CallSender Sender(WebhookTarget? target = null) =>
        new(target ?? Options.Webhook ?? throw new InvalidOperationException("The simulated organisation has no webhook: name a target."), Time, Calls, Url);

    /// <summary>Forgets calls, resources, commands, requests and faults; what is being played goes on unseen.</summary>
    public void Reset()
    {
        Calls.Clear();
        Resources.Clear();
        Faults.Clear();
        Requests.Clear();
        _commands.Clear();
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _desk.WhenIdleAsync();
        await _server.DisposeAsync();
        _stopping.Dispose();
    }

    internal void TakeCommand(ControlCommand command)
    {
        _commands.Enqueue(command);
        if (_commands.Count > MostCommands)
        {
            _commands.TryDequeue(out _);
        }

        switch (command.Type)
        {
            case "end-call": Calls.RequestEnd(command.CallId, new CallEnding("manually-canceled")); break;
            case "transfer": Calls.RequestEnd(command.CallId, new CallEnding("assistant-forwarded-call")); break;
        }
    }

    /// <summary>A call that was asked for; it is refused when the organisation has no line left.</summary>
    internal JsonObject CreateCall(JsonObject asked)
    {
        var live = Calls.Live;
        var isBlocked = live >= Options.ConcurrencyLimit;
        var number = Interlocked.Increment(ref _created);
        var now = Time.GetUtcNow();
        var id = CallIds.Uuid($"created {Url} {number}");
        var call = CreatedCall.Of(id, asked, now, Url, isBlocked);
        if (call["phoneCallProviderDetails"] is JsonObject details && details["twiml"] is { } twiml)
        {
            details["twiml"] = Options.BypassTwiml(twiml.GetValue<string>());
        }

        Calls.Create(id, call, now);
        if (!isBlocked && Options.PlaysCreatedCalls is { } script)
        {
            _desk.Start(script(number) with { CallId = id }, Sender(), speed: 1, DeliveryFaults.None);
        }

        var answer = call.DeepClone().AsObject();
        answer["subscriptionLimits"] = new JsonObject
        {
            ["concurrencyBlocked"] = isBlocked,
            ["concurrencyLimit"] = Options.ConcurrencyLimit,
            ["remainingConcurrentCalls"] = Math.Max(0, Options.ConcurrencyLimit - live - (isBlocked ? 0 : 1)),
        };
        return answer;
    }

    private void Map(WebApplication app)
    {
        var api = app.MapGroup(string.Empty);
        api.AddEndpointFilter((context, next) =>
            context.HttpContext.Request.Headers.Authorization.ToString() == "Bearer " + Options.ApiKey ? next(context) : ValueTask.FromResult<object?>(NestErrors.Unauthorized()));
        new CallEndpoints(this).Map(api, app);
        new ResourceEndpoints(this).Map(api);
        _bypass.Map(app);
        AdminEndpoints.Map(app, this);
        app.MapFallback("{**path}", NestErrors.NoSuchRoute);
    }
}
