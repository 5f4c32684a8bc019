using Microsoft.Extensions.Options;
using ToolBackend.Voice.FrontDoor;
using ToolBackend.Voice.Hosting;
using ToolBackend.Voice.Sessions;

namespace ToolBackend.Voice.Twilio;

/// <summary>
/// <c>POST /twilio/voice</c>: a call rings. The answer connects it to Vapi's media socket, or to ours, and then the providers' connections open meanwhile. However often it is delivered, a call is decided once.
/// </summary>
internal sealed partial class VoiceWebhook(
    TwilioGate gate, Assistants assistants, CallPlanner planner, CallRegistry calls, StreamAnswer streams, FrontDesk desk, DecisionBook decisions, IOptions<VoiceOptions> options, ILogger<VoiceWebhook> logger)
{
    public const string Path = "/twilio/voice";

    public async Task HandleAsync(HttpContext context)
    {
        if (await gate.ReadAsync(context) is not { } request)
        {
            return;
        }

        var callSid = request["CallSid"];
        if (callSid.Length is 0 or > 64 || !callSid.All(char.IsAsciiLetterOrDigit))
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        context.Response.ContentType = TwiML.ContentType;
        var call = CallRequest.Of(request, context.Request.Query["assistant"], assistants);
        var document = await decisions.OnceAsync(callSid, () => AnswerAsync(call), desk.Patience); // not cancelled with this delivery: another may wait for the same
        await context.Response.WriteAsync(document, context.RequestAborted);
    }

    private async Task<string> AnswerAsync(CallRequest? call)
    {
        if (call is null)
        {
            LogUnassigned();
            return TwiML.SayAndHangUp("I'm sorry, nobody can take your call on this line right now. Please try again later.");
        }

        if (call is { IsMachine: true, Assistant.VoicemailMessage: null or "" })
        {
            return TwiML.HangUp();
        }

        if (await desk.OfferAsync(call, CancellationToken.None) is { } vapis)
        {
            return vapis;
        }

        if (!calls.TryExpect(call.CallSid, leg: 1, () => planner.MakeAsync(call)))
        {
            return Elsewhere();
        }

        return streams.Connect(call);
    }

    private string Elsewhere()
    {
        LogShed(calls.Taken);
        return options.Value switch
        {
            { OverflowUrl: { Length: > 0 } url } => TwiML.Redirect(url),
            { OverflowNumber: { Length: > 0 } number } => TwiML.Dial(number, action: null, TimeSpan.FromSeconds(30)),
            _ => TwiML.SayAndHangUp("I'm sorry, all lines are busy right now. Please call again in a few minutes."),
        };
    }

    [LoggerMessage(3101, LogLevel.Warning, "A call came to a number that no assistant takes: see Voice:Lines and Voice:DefaultAssistant")]
    private partial void LogUnassigned();

    [LoggerMessage(3102, LogLevel.Warning, "{Calls} calls are taken: one more was sent elsewhere")]
    private partial void LogShed(int calls);
}
