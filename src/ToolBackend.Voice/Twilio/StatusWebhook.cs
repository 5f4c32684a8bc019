using ToolBackend.Voice.Sessions;
using ToolBackend.Voice.Turns;

namespace ToolBackend.Voice.Twilio;

/// <summary><c>POST /twilio/status</c>: how a call goes at the carrier. A call that has ended there has ended here, whatever its socket says.</summary>
internal sealed class StatusWebhook(TwilioGate gate, CallRegistry calls)
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
            calls.Find(request["CallSid"])?.Happen(new TurnEvent.HungUp("customer-ended-call"));
        }

        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }
}
