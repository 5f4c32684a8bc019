using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using ToolBackend.Core.Calls.Orders;
using ToolBackend.Core.Resilience;
using ToolBackend.Core.Speech;
using ToolBackend.Vapi.Definitions;
using ToolBackend.Vapi.Messages;

namespace ToolBackend.Vapi.Control;

/// <summary>
/// Transfers and ends that Vapi leaves to us (<c>phone-call-control</c>), as orders to the Voice hosts, which own the call at Twilio. The same wish told twice, also in two ways, is one order.
/// </summary>
public sealed partial class PhoneControl(CallOrderStore orders, ILogger<PhoneControl> logger)
{
    /// <summary>As <c>serverMessages</c> names it.</summary>
    public const string MessageType = "phone-call-control";

    private const string Asker = "vapi";

    private const int MostSip = 500;

    /// <summary>Gives the order of a <c>phone-call-control</c> message.</summary>
    /// <param name="body">Of the request.</param>
    /// <returns>False when it could not be written down: Vapi should send it again.</returns>
    public async Task<bool> TakeAsync(VapiMessage message, ReadOnlyMemory<byte> body, CancellationToken cancellation)
    {
        var control = Parse(body);
        switch (control.TextAt("request"))
        {
            case "hang-up":
                return await HangUpAsync(message, cancellation).ConfigureAwait(false) is not null;
            case "forward" when To(control.ObjectAt("destination")) is { } to && control.ObjectAt("destination") is { } destination:
                var request = new ForwardRequest(to, message.Call?.Id ?? "", message.AssistantName)
                {
                    CallerId = destination.TextAt("callerId"),
                    Extension = destination.TextAt("extension"),
                    Warm = destination.TextAt("transferPlan.mode") is "warm-transfer-say-message" ? destination.TextAt("transferPlan.message") : null,
                    RingSeconds = destination.NumberAt("transferPlan.dialTimeout") is { } ring ? (int)Math.Clamp(ring, 5, 600) : null,
                };
                return await ForwardAsync(message, request, cancellation).ConfigureAwait(false) is not null;
            default:
                LogNotUnderstood();
                return true;
        }
    }

    /// <summary>Connects the message's call to a number.</summary>
    /// <returns>True when a Voice host will do it, false when that cannot be, null when the order could not be written down.</returns>
    public Task<bool?> ForwardAsync(VapiMessage message, ForwardRequest request, CancellationToken cancellation) => GiveAsync(message, OrderKind.Forward, request, cancellation);

    /// <summary>Ends the message's call. Returns as <see cref="ForwardAsync"/>.</summary>
    public Task<bool?> HangUpAsync(VapiMessage message, CancellationToken cancellation) => GiveAsync(message, OrderKind.HangUp, new HangUpRequest(), cancellation);

    private async Task<bool?> GiveAsync<T>(VapiMessage message, OrderKind kind, T request, CancellationToken cancellation)
    {
        if (message.Call is not { PhoneCallProviderId: { Length: > 0 and <= 64 } callSid, Id: { Length: > 0 } call })
        {
            LogNoCarrierCall(kind);
            return false; // a web call, or one of another carrier
        }

        try
        {
            var key = $"{kind} {callSid} {message.Timestamp?.ToUnixTimeMilliseconds()}";
            var (receipt, order) = await orders.GiveAsync(NewOrder.Of(key, kind, callSid, request, Asker), cancellation).ConfigureAwait(false);
            LogGiven(kind, call, receipt);
            return order is not null;
        }
        catch (Exception e) when (e is UpstreamException or OperationCanceledException)
        {
            LogNotGiven(kind, call, (e as UpstreamException)?.Failure);
            return null;
        }
    }

    private static string? To(JsonObject? destination) => destination.TextAt("type") switch
    {
        "number" when PhoneNumber.TryParse(destination.TextAt("number"), out var number) => number.E164,
        "sip" when destination.TextAt("sipUri") is { Length: <= MostSip } sip && sip.StartsWith("sip:", StringComparison.OrdinalIgnoreCase) => sip,
        _ => null,
    };

    private static JsonObject? Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            return JsonNode.Parse(body.Span) is JsonObject root ? root.ObjectAt("message") : null;
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            return null; // members that come twice
        }
    }

    [LoggerMessage(3411, LogLevel.Warning, "Vapi asks for something to be done to a call that is not understood: neither hang-up nor forward to a number or a SIP address")]
    private partial void LogNotUnderstood();

    [LoggerMessage(3412, LogLevel.Warning, "Vapi asks for a {Kind} of a call that is none of the carrier's")]
    private partial void LogNoCarrierCall(OrderKind kind);

    [LoggerMessage(3413, LogLevel.Information, "Vapi leaves the {Kind} of call {CallId} to us: {Receipt}")]
    private partial void LogGiven(OrderKind kind, string callId, OrderReceipt receipt);

    [LoggerMessage(3414, LogLevel.Error, "Vapi leaves the {Kind} of call {CallId} to us, and it cannot be written down ({Failure})")]
    private partial void LogNotGiven(OrderKind kind, string callId, UpstreamFailure? failure);
}
