using ToolBackend.Voice.Sessions;

namespace ToolBackend.Voice.Twilio;

/// <summary>
/// <c>POST /twilio/after-stream</c>: the media stream of a call has ended, and Twilio asks how it goes on: to a person when the assistant said so, else it is over.
/// <c>POST /twilio/after-dial</c>: that person has hung up, or did not answer.
/// </summary>
internal sealed class AfterStreamWebhook(TwilioGate gate, CallRegistry calls)
{
    public const string Path = "/twilio/after-stream";
    public const string AfterDialPath = "/twilio/after-dial";

    private static readonly TimeSpan s_ring = TimeSpan.FromSeconds(25);

    public async Task HandleAsync(HttpContext context)
    {
        if (await gate.ReadAsync(context) is { } request)
        {
            await AnswerAsync(context, calls.TakeTransfer(request["CallSid"]) is { } number ? TwiML.Dial(number, gate.HttpUrl(AfterDialPath), s_ring) : TwiML.HangUp());
        }
    }

    public async Task HandleDialAsync(HttpContext context)
    {
        if (await gate.ReadAsync(context) is { } request)
        {
            await AnswerAsync(context, request["DialCallStatus"] is "completed" or "answered"
                ? TwiML.HangUp()
                : TwiML.SayAndHangUp("I'm sorry, nobody could take your call. Please call again later."));
        }
    }

    private static Task AnswerAsync(HttpContext context, string document)
    {
        context.Response.ContentType = TwiML.ContentType;
        return context.Response.WriteAsync(document, context.RequestAborted);
    }
}
