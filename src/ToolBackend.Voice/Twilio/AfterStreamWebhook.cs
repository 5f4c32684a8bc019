namespace ToolBackend.Voice.Twilio;

/// <summary><c>POST /twilio/after-stream</c>: the media stream of a call has ended, and Twilio asks how it goes on.</summary>
internal sealed class AfterStreamWebhook(TwilioGate gate)
{
    public const string Path = "/twilio/after-stream";

    public async Task HandleAsync(HttpContext context)
    {
        if (await gate.ReadAsync(context) is null)
        {
            return;
        }

        context.Response.ContentType = TwiML.ContentType;
        await context.Response.WriteAsync(TwiML.HangUp(), context.RequestAborted);
    }
}
