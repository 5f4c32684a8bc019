using Microsoft.Extensions.Options;
using ToolBackend.Voice.Hosting;
using ToolBackend.Voice.Sessions;

namespace ToolBackend.Voice.Twilio;

/// <summary><c>POST /twilio/voice</c>: a call rings. The answer connects it to our media socket; meanwhile the providers' connections open.</summary>
internal sealed partial class VoiceWebhook(
    TwilioGate gate, Assistants assistants, CallPlanner planner, CallRegistry calls, StreamTokens tokens, IOptions<VoiceOptions> options, ILogger<VoiceWebhook> logger)
{
    public const string Path = "/twilio/voice";

    public async Task HandleAsync(HttpContext context)
    {
        if (await gate.ReadAsync(context) is not { } request)
        {
            return;
        }

        var (callSid, from, to) = (request["CallSid"], request["From"], request["To"]);
        if (callSid.Length is 0 or > 64 || !callSid.All(char.IsAsciiLetterOrDigit))
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        context.Response.ContentType = TwiML.ContentType;
        await context.Response.WriteAsync(Answer(callSid, from, to), context.RequestAborted);
    }

    private string Answer(string callSid, string from, string to)
    {
        if (assistants.For(to) is not { } assistant)
        {
            LogUnassigned();
            return TwiML.SayAndHangUp("I'm sorry, nobody can take your call on this line right now. Please try again later.");
        }

        if (!calls.TryExpect(callSid, () => planner.MakeAsync(assistant, callSid, from, to)))
        {
            return Elsewhere();
        }

        KeyValuePair<string, string>[] parameters = [new("assistant", assistant.Name), new("from", from), new("to", to)];
        return TwiML.Connect(gate.SocketUrl(MediaEndpoint.Path), gate.HttpUrl(AfterStreamWebhook.Path), [new(StreamTokens.Parameter, tokens.Mint(callSid, parameters)), .. parameters]);
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
