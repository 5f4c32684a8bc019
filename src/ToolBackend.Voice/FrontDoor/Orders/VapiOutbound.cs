using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using ToolBackend.Vapi.Rest;

namespace ToolBackend.Voice.FrontDoor.Orders;

/// <summary>
/// Calls that Vapi places at the carrier by itself. Vapi knows no idempotency key: each call carries its order's id, and a request whose answer was lost is looked for among the calls made since.
/// </summary>
internal sealed class VapiOutbound : IDisposable
{
    private const string OrderMember = "toolbackendOrder";

    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(6);

    /// <summary>Between looks for a call whose making may not have come to its end.</summary>
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    /// <summary>Clocks differ.</summary>
    private static readonly TimeSpan s_slack = TimeSpan.FromMinutes(2);

    private readonly VapiClient? _client;
    private readonly TimeProvider _time;

    public VapiOutbound(IOptions<VapiClientOptions> options, TimeProvider time)
    {
        _time = time;
        if (!string.IsNullOrEmpty(options.Value.ApiKey))
        {
            _client = new VapiClient(
                new VapiClientOptions { BaseUrl = options.Value.BaseUrl, ApiKey = options.Value.ApiKey, AttemptTimeout = s_deadline, TotalTimeout = s_deadline, MaxAttempts = 1, RequestsPerSecond = 1000, MaxInFlight = 64, MaxAnswerBytes = 4 << 20 }, time);
        }
    }

    public bool IsConfigured => _client is not null;

    /// <summary>Never throws for what Vapi does.</summary>
    /// <param name="number">Vapi's id of our line.</param>
    /// <param name="assistant">Vapi's id.</param>
    /// <returns>What became of it; unknown: it may have been placed.</returns>
    public async Task<(BypassAnswer Answer, bool IsUnknown)> PlaceAsync(Guid order, DateTimeOffset askedAt, string to, string number, string assistant, CancellationToken cancellation)
    {
        var body = new JsonObject
        {
            ["phoneNumberId"] = number,
            ["assistantId"] = assistant,
            ["customer"] = new JsonObject { ["number"] = to },
            ["metadata"] = new JsonObject { [OrderMember] = order.ToString() },
        };
        try
        {
            return (Placed(await _client!.CreateAsync("call", body, findExisting: null, cancellation).ConfigureAwait(false)), false);
        }
        catch (VapiApiException e) when (!e.OutcomeIsUnknown)
        {
            return (VapiBypass.Read(e), false);
        }
        catch (VapiApiException e)
        {
            return await LookAsync(order, askedAt, number, VapiBypass.Read(e), cancellation).ConfigureAwait(false);
        }
    }

    public void Dispose() => _client?.Dispose();

    /// <summary>Twice: it may come to its end just behind the first look.</summary>
    private async Task<(BypassAnswer Answer, bool IsUnknown)> LookAsync(Guid order, DateTimeOffset askedAt, string number, BypassAnswer failed, CancellationToken cancellation)
    {
        try
        {
            for (var look = 0; look < 2; look++)
            {
                await Task.Delay(s_pause, _time, cancellation).ConfigureAwait(false);
                var made = await _client!.ListAsync(
                    "call", [new("phoneNumberId", number), new("createdAtGe", (askedAt - s_slack).UtcDateTime.ToString("O", CultureInfo.InvariantCulture))], cancellation).ConfigureAwait(false);
                if (made.FirstOrDefault(c => VapiBypass.Text(c["metadata"], OrderMember) == order.ToString()) is { } call)
                {
                    return (Placed(call), false);
                }
            }

            return (failed, false);
        }
        catch (VapiApiException)
        {
            return (failed, true);
        }
    }

    private static BypassAnswer Placed(JsonObject call) => VapiBypass.Text(call, "id") is { Length: > 0 and <= 128 } id
        ? new BypassAnswer(id, null, call, null, null, "taken")
        : new BypassAnswer(null, null, null, Core.Resilience.Health.HealthCause.Server, null, "broken");
}
