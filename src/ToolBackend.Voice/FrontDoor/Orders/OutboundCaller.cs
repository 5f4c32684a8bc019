using ToolBackend.Core.Calls.Orders;
using ToolBackend.Vapi.Twilio;
using ToolBackend.Voice.Hosting;
using ToolBackend.Voice.Twilio;

namespace ToolBackend.Voice.FrontDoor.Orders;

/// <summary>
/// Places calls: through Vapi as the line's route and Vapi's health say, else through Twilio for the own pipeline. Nobody is called twice: where it is not known whether Vapi has placed a call, it ends there.
/// </summary>
internal sealed partial class OutboundCaller(
    Assistants assistants, FrontDesk desk, VapiOutbound vapi, VapiIds ids, TwilioCalls twilio, TwilioGate gate, ILogger<OutboundCaller> logger)
{
    /// <summary>Words of <c>call_order.side</c>.</summary>
    private const string Vapi = "vapi", Pipeline = "pipeline";

    public async Task<OrderOutcome> PlaceAsync(CallOrder order, CancellationToken cancellation)
    {
        var asked = order.Read<PlaceRequest>();
        if (assistants.Find(asked.Assistant) is not { } assistant)
        {
            return OrderOutcome.Failed(OrderReasons.NoAssistant);
        }

        if ((asked.From ?? assistants.LineOf(assistant.Name)) is not { } line)
        {
            return OrderOutcome.Failed(OrderReasons.LineNeeded);
        }

        if (vapi.IsConfigured && (ids.NumberOf(line), ids.AssistantOf(assistant.Name)) is ({ } number, { } assistantId) && desk.Offers(line))
        {
            var (answer, isUnknown) = await vapi.PlaceAsync(order.Id, order.AskedAt, asked.To, number, assistantId, cancellation);
            if (answer is { CallId: { } id, Call: { } call })
            {
                desk.Tell(call);
                return OrderOutcome.Placed(Vapi, id);
            }

            desk.Note(answer, TimeSpan.Zero);
            if (isUnknown)
            {
                return OrderOutcome.Unknown(OrderReasons.VapiSilent);
            }

            LogNotPlaced(answer.Word);
        }

        return await PlaceHereAsync(assistant, asked.To, line, cancellation);
    }

    private async Task<OrderOutcome> PlaceHereAsync(ToolBackend.Vapi.Definitions.Model.AssistantModel assistant, string to, string line, CancellationToken cancellation)
    {
        if (!twilio.IsConfigured)
        {
            return OrderOutcome.Failed(OrderReasons.NoCarrier);
        }

        try
        {
            var call = new NewTwilioCall(line, to, gate.HttpUrl($"{VoiceWebhook.Path}?assistant={Uri.EscapeDataString(assistant.Name)}"))
            {
                StatusCallback = gate.HttpUrl($"{StatusWebhook.Path}?assistant={Uri.EscapeDataString(assistant.Name)}"),
                DetectsMachine = assistant.DetectsVoicemail,
            };
            return OrderOutcome.Placed(Pipeline, await twilio.PlaceAsync(call, cancellation));
        }
        catch (TwilioApiException e)
        {
            LogRefused(e.Failure, e.Status, e.Code);
            return e switch
            {
                { OutcomeIsUnknown: true } => OrderOutcome.Unknown(OrderReasons.CarrierSilent),
                { Failure: TwilioFailure.Unavailable or TwilioFailure.RateLimited } => OrderOutcome.Failed(OrderReasons.CarrierAway),
                _ => OrderOutcome.Failed(OrderReasons.Refused),
            };
        }
    }

    [LoggerMessage(3651, LogLevel.Warning, "Vapi did not place a call ({Word}): the own pipeline does")]
    private partial void LogNotPlaced(string word);

    [LoggerMessage(3652, LogLevel.Warning, "Twilio did not place a call: {Failure} (status {Status}, code {Code})")]
    private partial void LogRefused(TwilioFailure failure, int? status, int? code);
}
