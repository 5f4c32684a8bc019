using ToolBackend.Core.Calls.Orders;
using ToolBackend.Voice.Tools;
using ToolBackend.Voice.Twilio;

namespace ToolBackend.Voice.FrontDoor.Orders;

/// <summary>
/// Transfers and ends calls that Vapi talks in and that are ours at Twilio: there Vapi cannot do it itself. When nobody answers, the own pipeline goes on with the caller, knowing what was said. When
/// REST does not answer, the document waits for Twilio's question how the call goes on after Vapi's stream.
/// </summary>
internal sealed class LineControl(TwilioCalls twilio, CallHandover handover, LeftCalls left)
{
    /// <summary>Vapi's stream was the call's first.</summary>
    private const int VapiLeg = 1;

    public async Task<OrderOutcome> ForwardAsync(CallOrder order)
    {
        var asked = order.Read<ForwardRequest>();
        var to = new TransferChoice(asked.To, "")
        {
            CallerId = asked.CallerId,
            Extension = asked.Extension,
            Warm = asked.Warm,
            Ring = asked.RingSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : TransferChoice.DefaultRing,
        };
        var (callSid, document) = (order.CallSid!, handover.Dial(asked.Assistant ?? "", VapiLeg, to, asked.VapiCall));
        var isDone = await twilio.RedirectAsync(callSid, document);
        if (!isDone)
        {
            await left.LeaveAsync(callSid, VapiLeg, new LeftCall([], document), to.Ring);
        }

        return Outcome(isDone);
    }

    public async Task<OrderOutcome> HangUpAsync(CallOrder order) => Outcome(await twilio.HangUpAsync(order.CallSid!));

    private OrderOutcome Outcome(bool isDone) => isDone ? OrderOutcome.Done : OrderOutcome.Failed(twilio.IsConfigured ? OrderReasons.CarrierAway : OrderReasons.NoCarrier);
}
