using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using ToolBackend.LocalStack.Simulators.Http;

namespace ToolBackend.LocalStack.Simulators.Twilio;

/// <summary>How an account at the simulated Twilio is set up.</summary>
public sealed record TwilioRestSimulatorOptions
{
    public const string DefaultAuthToken = "simtwilioauthtoken00000000000001";

    /// <summary>0 (default): one that the kernel chooses. Always 127.0.0.1.</summary>
    public int Port { get; init; }

    public string AccountSid { get; init; } = "AC00000000000000000000000000000001";

    public string AuthToken { get; init; } = DefaultAuthToken;

    /// <summary>An API key that is accepted instead of the account's token, as sid and secret. Null (default): none.</summary>
    public (string Sid, string Secret)? ApiKey { get; init; }

    /// <summary>E.164. Default: the lines of the demo data.</summary>
    public IReadOnlyList<string> Numbers { get; init; } = ["+12065550100", "+12065550101"];

    public TimeProvider Time { get; init; } = TimeProvider.System;
}

/// <summary>
/// Twilio's REST API on this machine: one account with its incoming phone numbers and calls. It dials nobody and plays no TwiML. Faults and the log of requests
/// are driven below <c>/_sim</c> as with the Vapi simulator.
/// </summary>
public sealed class TwilioRestSimulator : IAsyncDisposable
{
    private readonly TwilioRestSimulatorOptions _options;
    private SimulatorServer _server = null!;
    private long _requestNumber;

    private TwilioRestSimulator(TwilioRestSimulatorOptions options)
    {
        _options = options;
        Account = new TwilioAccount(options.AccountSid, options.Numbers, options.Time);
    }

    /// <summary>Base address without a slash at the end; <c>Vendors:Twilio:BaseUrl</c>.</summary>
    public string Url => _server.Url;

    public string AccountSid => _options.AccountSid;

    public string AuthToken => _options.AuthToken;

    public TwilioAccount Account { get; }

    public FaultBoard Faults { get; } = new();

    public RequestLog Requests { get; } = new();

    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<TwilioRestSimulator> StartAsync(TwilioRestSimulatorOptions? options = null, CancellationToken cancellation = default)
    {
        var simulator = new TwilioRestSimulator(options ?? new TwilioRestSimulatorOptions());
        simulator._server = await SimulatorServer.StartAsync(
            simulator._options.Port, simulator._options.Time, simulator.Faults, simulator.Requests, TwilioErrors.WriteAsync, simulator.Map, cancellation);
        return simulator;
    }

    /// <summary>Back to the first state: numbers without addresses, no calls, no faults.</summary>
    public void Reset()
    {
        Account.Clear(_options.Numbers);
        Faults.Clear();
        Requests.Clear();
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private void Map(WebApplication app)
    {
        var api = app.MapGroup("/2010-04-01/Accounts/{account}");
        api.AddEndpointFilter(async (context, next) =>
        {
            var http = context.HttpContext;
            http.Response.Headers["Twilio-Request-Id"] = TwilioIds.Sid("RQ", $"{Interlocked.Increment(ref _requestNumber)}");
            http.Response.Headers["X-Shenanigans"] = "none";
            if (!IsKnown(http.Request.Headers.Authorization.ToString()))
            {
                http.Response.Headers.WWWAuthenticate = "Basic realm=\"Twilio API\"";
                return TwilioErrors.Authenticate();
            }

            return http.Request.RouteValues["account"] as string == AccountSid ? await next(context) : TwilioErrors.NotFound(http);
        });
        new NumberEndpoints(Account).Map(api);
        new TwilioCallEndpoints(Account, _options.Time).Map(api);
        var admin = app.MapGroup(FaultGate.AdminPath);
        admin.MapGet("/", () => new { Url, AccountSid, Numbers = Account.Numbers.Count, Calls = Account.Calls.Count, Faults = Faults.Current });
        admin.MapGet("/requests", () => Requests.All);
        admin.MapFaults(Faults);
        admin.MapPost("/reset", () =>
        {
            Reset();
            return Results.NoContent();
        });
        app.MapFallback("{**path}", TwilioErrors.NotFound); // the default pattern leaves out what looks like a file, as "Calls.json" does
    }

    private bool IsKnown(string authorization) =>
        authorization == Basic(AccountSid, AuthToken) || (_options.ApiKey is { } key && authorization == Basic(key.Sid, key.Secret));

    private static string Basic(string user, string password) => "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"));
}
