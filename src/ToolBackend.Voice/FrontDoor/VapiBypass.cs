using System.Text.Json.Nodes;
using System.Xml.Linq;
using Microsoft.Extensions.Options;
using ToolBackend.Core.Resilience;
using ToolBackend.Core.Resilience.Health;
using ToolBackend.Vapi.Rest;

namespace ToolBackend.Voice.FrontDoor;

/// <summary>What Vapi said to a call.</summary>
/// <param name="CallId">Its id of the call; null when it did not take it.</param>
/// <param name="Connect">The stream to connect.</param>
/// <param name="Call">The call as Vapi made it.</param>
/// <param name="Cause">What speaks against its health; null when nothing does.</param>
/// <param name="Wait">No line is left for so long; null when that is not it.</param>
/// <param name="Word">For logs and metrics: taken, late, unavailable, full, refused, key, broken.</param>
internal sealed record BypassAnswer(string? CallId, XElement? Connect, JsonObject? Call, HealthCause? Cause, TimeSpan? Wait, string Word);

/// <summary>
/// <c>POST /call</c> for a call that is ours at Twilio (<c>phoneCallProviderBypassEnabled</c>), within the wall.
/// <code>
/// |--- first ------------------------------|          the first good answer is taken
///         |--- hedge: once, when the first is late, or at once when it broke
/// ---------------------------------- wall: the own pipeline answers, requests are cancelled
/// </code>
/// A request that Vapi understood and refused (4xx) is not repeated.
/// </summary>
internal sealed partial class VapiBypass : IAsyncDisposable
{
    /// <summary>When Vapi does not say how long no line is free.</summary>
    private static readonly TimeSpan s_fullFor = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan s_longestFull = TimeSpan.FromMinutes(1);

    private readonly VapiClient? _client;
    private readonly FrontDoorOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<VapiBypass> _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _cleaners = new(16);

    public VapiBypass(IOptions<VapiClientOptions> vapi, IOptions<FrontDoorOptions> options, TimeProvider time, ILogger<VapiBypass> logger)
    {
        (_options, _time, _logger) = (options.Value, time, logger);
        if (!string.IsNullOrEmpty(vapi.Value.ApiKey))
        {
            _client = new VapiClient(
                new VapiClientOptions
                {
                    BaseUrl = vapi.Value.BaseUrl,
                    ApiKey = vapi.Value.ApiKey,
                    AttemptTimeout = TimeSpan.FromMilliseconds(_options.WallMilliseconds),
                    TotalTimeout = TimeSpan.FromMilliseconds(_options.WallMilliseconds),
                    MaxAttempts = 1,
                    RequestsPerSecond = 1000,
                    MaxInFlight = 64,
                    MaxAnswerBytes = 1 << 20,
                },
                time);
        }
    }

    public bool IsConfigured => _client is not null;

    /// <summary>Never throws for what Vapi does.</summary>
    public async Task<BypassAnswer> CreateAsync(JsonObject body, CancellationToken cancellation)
    {
        var wall = new Deadline(TimeSpan.FromMilliseconds(_options.WallMilliseconds), _time, cancellation);
        List<Task<BypassAnswer>> asked = [AskAsync(body, wall.Token)];
        var hedgeAt = Task.Delay(TimeSpan.FromMilliseconds(_options.HedgeAfterMilliseconds), _time, wall.Token);
        var waiting = new List<Task>([asked[0], hedgeAt]);
        BypassAnswer? last = null;
        while (waiting.Count > 0)
        {
            var done = await Task.WhenAny(waiting).ConfigureAwait(false);
            waiting.Remove(done);
            if (done is Task<BypassAnswer> answered)
            {
                last = await answered.ConfigureAwait(false);
                if (last.CallId is not null || last.Word is "full" or "refused" or "key")
                {
                    break;
                }
            }

            if (asked.Count == 1 && !wall.Token.IsCancellationRequested)
            {
                asked.Add(AskAsync(body, wall.Token));
                waiting.Remove(hedgeAt);
                waiting.Add(asked[1]);
            }
        }

        _ = ForgetAsync(asked, last!.CallId, wall); // its own boundary, off the caller's time
        return last;
    }

    /// <summary>Whether the API serves at all; null when it does.</summary>
    public async Task<HealthCause?> ProbeAsync(CancellationToken cancellation)
    {
        try
        {
            using var wall = new Deadline(TimeSpan.FromMilliseconds(_options.WallMilliseconds), _time, cancellation);
            await _client!.GetAsync("assistant/00000000-0000-4000-8000-000000000000", wall.Token).ConfigureAwait(false);
            return null;
        }
        catch (VapiApiException e)
        {
            return e.Failure is VapiFailure.RateLimited or VapiFailure.Rejected ? null : Read(e).Cause;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        for (var i = 0; i < 16; i++)
        {
            await _cleaners.WaitAsync(TimeSpan.FromSeconds(3), CancellationToken.None); // those that are under way
        }

        _client?.Dispose();
        _cleaners.Dispose();
        _stop.Dispose();
    }

    private async Task<BypassAnswer> AskAsync(JsonObject body, CancellationToken wall)
    {
        try
        {
            return Read(await _client!.CreateAsync("call", body.DeepClone().AsObject(), findExisting: null, wall).ConfigureAwait(false));
        }
        catch (VapiApiException e)
        {
            return Read(e);
        }
        catch (OperationCanceledException)
        {
            return Failed(HealthCause.Late, "late");
        }
    }

    private static BypassAnswer Read(JsonObject call)
    {
        if (Flag(call["subscriptionLimits"], "concurrencyBlocked"))
        {
            return new BypassAnswer(null, null, null, null, s_fullFor, "full");
        }

        return Text(call, "id") is { Length: > 0 and <= 128 } id && VapiTwiml.ConnectOf(Text(call["phoneCallProviderDetails"], "twiml")) is { } connect
            ? new BypassAnswer(id, connect, call, null, null, "taken")
            : Failed(HealthCause.Server, "broken");
    }

    /// <summary>What a refusal means.</summary>
    public static BypassAnswer Read(VapiApiException e) => e.Failure switch
    {
        VapiFailure.Auth => Failed(HealthCause.Authentication, "key"),
        VapiFailure.RateLimited => new BypassAnswer(null, null, null, null, e.RetryAfter is { } wait && wait < s_longestFull ? wait : s_fullFor, "full"),
        VapiFailure.NotFound or VapiFailure.Rejected or VapiFailure.Conflict => Failed(null, "refused"),
        VapiFailure.Unreadable => Failed(HealthCause.Server, "broken"),
        _ when e.Status is null => Failed(HealthCause.Connectivity, "unavailable"),
        _ => Failed(HealthCause.Server, "unavailable"),
    };

    private static BypassAnswer Failed(HealthCause? cause, string word) => new(null, null, null, cause, null, word);

    /// <summary>Calls that nobody will connect hold a line of the account until Vapi gives them up: they are deleted.</summary>
    private async Task ForgetAsync(IReadOnlyList<Task<BypassAnswer>> asked, string? taken, Deadline wall)
    {
        var answers = await Task.WhenAll(asked).ConfigureAwait(false);
        wall.Dispose();
        foreach (var id in answers.Select(a => a.CallId).OfType<string>().Where(id => id != taken))
        {
            if (!await _cleaners.WaitAsync(TimeSpan.Zero, CancellationToken.None).ConfigureAwait(false))
            {
                return; // more of them than anybody needs to tidy up at once: Vapi gives them up by itself
            }

            try
            {
                await _client!.DeleteAsync("call/" + id, _stop.Token).ConfigureAwait(false);
            }
            catch (Exception e) when (e is VapiApiException or OperationCanceledException)
            {
                LogLeft(e is VapiApiException failure ? failure.Failure.ToString() : "stopped");
            }
            finally
            {
                _cleaners.Release();
            }
        }
    }

    /// <summary>The call as Vapi has it now; null when it does not say so in time.</summary>
    public async Task<JsonObject?> FindAsync(string callId, CancellationToken cancellation)
    {
        try
        {
            return _client is null ? null : await _client.GetAsync("call/" + callId, cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (e is VapiApiException or OperationCanceledException)
        {
            return null; // the call log is asked too
        }
    }

    /// <summary>A member that is text; null for anything else.</summary>
    public static string? Text(JsonNode? node, string name) => (node as JsonObject)?[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private static bool Flag(JsonNode? node, string name) => (node as JsonObject)?[name] is JsonValue value && value.TryGetValue<bool>(out var isSet) && isSet;

    [LoggerMessage(3602, LogLevel.Information, "A call that Vapi made for nobody could not be deleted ({Failure}); Vapi gives it up by itself")]
    private partial void LogLeft(string failure);
}
