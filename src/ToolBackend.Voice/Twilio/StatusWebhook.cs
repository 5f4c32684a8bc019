using ToolBackend.Voice.CallLog;
using ToolBackend.Voice.FrontDoor;
using ToolBackend.Voice.Hosting;
using ToolBackend.Voice.Sessions;
using ToolBackend.Voice.Turns;

namespace ToolBackend.Voice.Twilio;

/// <summary><c>POST /twilio/status</c>: how a call goes at the carrier. A call that has ended there has ended here, whatever its socket says; one of ours that nobody answered is told to the call log.</summary>
internal sealed class StatusWebhook(TwilioGate gate, Assistants assistants, CallRegistry calls, FirstEventWatch firstEvents, CallLogWriter log, TimeProvider time)
{
    public const string Path = "/twilio/status";

    public async Task HandleAsync(HttpContext context)
    {
        if (await gate.ReadAsync(context) is not { } request)
        {
            return;
        }

        if (request["CallStatus"] is "completed" or "busy" or "failed" or "no-answer" or "canceled")
        {
            firstEvents.Forget(request["CallSid"]);
            calls.Find(request["CallSid"])?.Happen(new TurnEvent.HungUp("customer-ended-call"));
            if (ReasonOf(request["CallStatus"]) is { } reason && CallRequest.Of(request, context.Request.Query["assistant"], assistants) is { IsOutbound: true } call)
            {
                log.Post(new CallMessage(Unanswered(call, reason), IsDetail: false, time.GetUtcNow()));
            }
        }

        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    /// <summary>Vapi's word for how such a call ended; null for one that was answered.</summary>
    private static string? ReasonOf(string status) => status switch
    {
        "busy" => "customer-busy",
        "no-answer" => "customer-did-not-answer",
        "canceled" => "manually-canceled",
        "failed" => "twilio-failed-to-connect-call",
        _ => null,
    };

    private byte[] Unanswered(CallRequest call, string reason)
    {
        var header = new CallHeader(call.CallSid, call.Customer, call.Line, call.Assistant.Name, call.Assistant.MaxDuration) { IsOutbound = true };
        return new MessageWriter(header).Write("status-update", time.GetUtcNow(), json =>
        {
            json.WriteString("status", "ended");
            json.WriteString("endedReason", reason);
        });
    }
}
