using ToolBackend.Voice.CallLog;
using ToolBackend.Voice.FrontDoor;
using ToolBackend.Voice.Hosting;
using ToolBackend.Voice.Sessions;

namespace ToolBackend.Voice.Twilio;

/// <summary>
/// <c>POST /twilio/after-stream</c>: the media stream of a call has ended, and Twilio asks how it goes on: to a person when that could not be told over REST; with us when the replica that
/// had it is gone, or the stream broke; else it is over.
/// <c>POST /twilio/after-dial</c>: that person has hung up, or did not answer; then the assistant is there again.
/// <c>POST /twilio/whisper</c>: what that person hears before the caller.
/// </summary>
internal sealed class AfterStreamWebhook(TwilioGate gate, Assistants assistants, LeftCalls calls, CallRegistry registry, ResumeWebhook resume, StreamAnswer streams)
{
    public const string Path = "/twilio/after-stream";
    public const string AfterDialPath = "/twilio/after-dial";
    public const string WhisperPath = "/twilio/whisper";

    /// <param name="leg">Of the stream that begins when nobody has answered.</param>
    /// <param name="vapiCall">Vapi's id of the call; null when the stream before was ours.</param>
    public static string AfterDialUrl(string assistant, int leg, string? vapiCall) =>
        $"{AfterDialPath}?assistant={Uri.EscapeDataString(assistant)}&leg={leg}{(vapiCall is null ? "" : $"&call={Uri.EscapeDataString(vapiCall)}")}";

    private const string NobodyThere = "I'm sorry, nobody could take your call. Is there anything else I can do for you?";

    public async Task HandleAsync(HttpContext context)
    {
        if (await gate.ReadAsync(context) is { } request)
        {
            var left = Leg(context) is { } leg ? await calls.FindAsync(request["CallSid"], leg) : null;
            await AnswerAsync(context, left?.Document ?? await AfterAsync(context, request));
        }
    }

    /// <summary>A conversation that came to its end here is over. Of one that this replica does not know, or whose stream broke, the call log says whether it was meant to end.</summary>
    private async Task<string> AfterAsync(HttpContext context, SignedRequest request)
    {
        var callSid = request["CallSid"];
        return request["CallStatus"] is "completed" || registry.HasEnded(callSid) || Leg(context) is not { } leg
            ? TwiML.HangUp()
            : await resume.ResumeAsync(request, PipelineEvents.RefOf(callSid, leg), context.Request.Query["assistant"], $"{leg + 1}", isVapi: false, ResumeWebhook.Covered(context, Path), context.RequestAborted);
    }

    public async Task HandleDialAsync(HttpContext context)
    {
        if (await gate.ReadAsync(context) is not { } request)
        {
            return;
        }

        await AnswerAsync(context, request["DialCallStatus"] is "completed" or "answered"
            ? TwiML.HangUp()
            : Again(request, context.Request.Query["assistant"], Leg(context), context.Request.Query["call"]) ?? TwiML.SayAndHangUp("I'm sorry, nobody could take your call. Please call again later."));
    }

    public async Task WhisperAsync(HttpContext context)
    {
        if (await gate.ReadAsync(context) is not null)
        {
            await AnswerAsync(context, TwiML.Say(context.Request.Query["say"].ToString()));
        }
    }

    /// <summary>Another stream to the assistant; null when it is not known, or the call goes round in circles.</summary>
    /// <param name="vapiCall">Of a call that Vapi had before; empty when it was ours.</param>
    private string? Again(SignedRequest request, string? name, int? leg, string? vapiCall) =>
        CallRequest.Of(request, name, assistants) is { } call && leg is > 1 and <= Continuation.MostLegs
            ? streams.Connect(call with { Before = new Continuation(leg.Value, NobodyThere) { CallRef = vapiCall is { Length: > 0 and <= 128 } ? vapiCall : null } })
            : null;

    /// <summary>Of the stream that has ended, or begins; Twilio's signature covers it.</summary>
    private static int? Leg(HttpContext context) => int.TryParse(context.Request.Query["leg"], out var leg) ? leg : null;

    private static Task AnswerAsync(HttpContext context, string document)
    {
        context.Response.ContentType = TwiML.ContentType;
        return context.Response.WriteAsync(document, context.RequestAborted);
    }
}
