using ToolBackend.Voice.Sessions;
using ToolBackend.Voice.Tools;

namespace ToolBackend.Voice.Twilio;

/// <summary>
/// Connects a caller to a person: the live call is told to dial, over REST, so that it does not matter which replica Twilio asks next. When REST does not answer, the document waits for Twilio's question
/// how the call goes on after its stream. What was said so far is kept for the case that nobody answers.
/// </summary>
internal sealed class CallHandover(TwilioGate gate, TwilioCalls twilio, LeftCalls calls)
{
    /// <param name="to">Has a number.</param>
    public async Task ConnectAsync(CallPlan plan, TransferChoice to, IReadOnlyList<Conversations.HistoryEntry> said)
    {
        var callSid = plan.Call.CallId;
        var twiml = Dial(plan.Assistant.Name, plan.Leg, to, vapiCall: null);
        var kept = calls.LeaveAsync(callSid, plan.Leg, new LeftCall(said, twiml), to.Ring); // before the stream ends: Twilio asks at once
        if (await twilio.RedirectAsync(callSid, twiml).ConfigureAwait(false))
        {
            calls.Dialled(callSid, plan.Leg);
        }

        await kept.ConfigureAwait(false);
    }

    /// <summary>The document that dials, and asks us how the call goes on when nobody has answered.</summary>
    /// <param name="leg">Of the stream that ends with it.</param>
    /// <param name="vapiCall">Vapi's id of the call, which knows what was said; null when it was this pipeline's.</param>
    public string Dial(string assistant, int leg, TransferChoice to, string? vapiCall) => TwiML.Dial(
        to.Number!, gate.HttpUrl(AfterStreamWebhook.AfterDialUrl(assistant, leg + 1, vapiCall)), to.Ring,
        to.Warm is { } warm ? gate.HttpUrl($"{AfterStreamWebhook.WhisperPath}?say={Uri.EscapeDataString(warm)}") : null, to.CallerId, to.Extension);
}
