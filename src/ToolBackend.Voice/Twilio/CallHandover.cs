using ToolBackend.Vapi.Definitions.Model;
using ToolBackend.Voice.CallLog;
using ToolBackend.Voice.Hosting;
using ToolBackend.Voice.Sessions;
using ToolBackend.Voice.Tools;

namespace ToolBackend.Voice.Twilio;

/// <summary>
/// Connects a caller to a person, or to another assistant of the squad: the live call is told its next document over REST, so that it does not matter which replica Twilio asks next. When REST does not
/// answer, the document waits for Twilio's question how the call goes on after its stream. What was said so far is kept for the stream that follows: always where an assistant takes over, else when nobody
/// answers.
/// </summary>
internal sealed class CallHandover(TwilioGate gate, TwilioCalls twilio, LeftCalls calls, Assistants assistants, StreamAnswer streams)
{
    /// <summary>The member of the caller's squad that can take over; null when there is none, or the call has gone round in circles.</summary>
    public AssistantModel? Member(CallPlan plan, string name) => plan.Leg < Continuation.LastByHandoff ? assistants.Find(plan.Assistant, name) : null;

    /// <param name="to">Has a number or an assistant.</param>
    public async Task ConnectAsync(CallPlan plan, TransferChoice to, IReadOnlyList<Conversations.HistoryEntry> said)
    {
        var callSid = plan.Call.CallId;
        var (twiml, ring) = to.Assistant is { } next ? (HandOver(plan, next), TimeSpan.Zero) : (Dial(plan.Assistant.Key, plan.Leg, to, vapiCall: null), to.Ring);
        var kept = calls.LeaveAsync(callSid, plan.Leg, new LeftCall(said, twiml), ring); // before the stream ends: Twilio asks at once
        if (await twilio.RedirectAsync(callSid, twiml).ConfigureAwait(false))
        {
            calls.Dialled(callSid, plan.Leg);
        }

        await kept.ConfigureAwait(false);
    }

    private string HandOver(CallPlan plan, AssistantModel next) => streams.Connect(new CallRequest(next, plan.Call.CallId, plan.Call.Caller?.E164 ?? "", plan.Call.Line?.E164 ?? "")
    {
        IsOutbound = plan.IsOutbound,
        Before = new Continuation(plan.Leg + 1, Opening: null) { CallRef = PipelineEvents.RefOf(plan.Call.CallId, plan.Leg) },
    });

    /// <summary>The document that dials, and asks us how the call goes on when nobody has answered.</summary>
    /// <param name="leg">Of the stream that ends with it.</param>
    /// <param name="vapiCall">Vapi's id of the call, which knows what was said; null when it was this pipeline's.</param>
    public string Dial(string assistant, int leg, TransferChoice to, string? vapiCall) => TwiML.Dial(
        to.Number!, gate.HttpUrl(AfterStreamWebhook.AfterDialUrl(assistant, leg + 1, vapiCall)), to.Ring,
        to.Warm is { } warm ? gate.HttpUrl($"{AfterStreamWebhook.WhisperPath}?say={Uri.EscapeDataString(warm)}") : null, to.CallerId, to.Extension);
}
