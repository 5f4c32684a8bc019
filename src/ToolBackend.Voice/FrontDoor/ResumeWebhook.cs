using ToolBackend.Core.Calls.State;
using ToolBackend.Core.Observability;
using ToolBackend.Core.Resilience.Health;
using ToolBackend.Voice.Hosting;
using ToolBackend.Voice.Sessions;
using ToolBackend.Voice.Twilio;

namespace ToolBackend.Voice.FrontDoor;

/// <summary>
/// <c>POST /twilio/resume</c>: a call's stream at Vapi has ended, and Twilio asks how it goes on. It was meant to end: hang up. Else the own pipeline goes on with the conversation so far.
/// <code>
/// 0        150 ms                              EndPatienceMilliseconds (700)
/// | silence | soft typing; Twilio asks once more | decided by what is known
/// an end that is known, meant or not, decides at once
/// </code>
/// </summary>
internal sealed partial class ResumeWebhook(TwilioGate gate, Assistants assistants, CallRegistry calls, CallPlanner planner, CallBefore before, LeftCalls left, VapiFailures failures, FirstEventWatch firstEvents, StreamAnswer streams, ILogger<ResumeWebhook> logger)
{
    public const string Path = "/twilio/resume";

    private const string CoveredMark = "covered";

    public static string UrlOf(string callRef, string assistant, int leg) => $"{Path}?call={Uri.EscapeDataString(callRef)}&assistant={Uri.EscapeDataString(assistant)}&leg={leg}";

    public async Task HandleAsync(HttpContext context)
    {
        if (await gate.ReadAsync(context) is not { } request)
        {
            return;
        }

        firstEvents.Forget(request["CallSid"]); // judged here
        var number = int.TryParse(context.Request.Query["leg"], out var leg) ? leg : 2;
        var document = request["CallStatus"] is "completed" ? TwiML.HangUp()
            : (await left.FindAsync(request["CallSid"], number - 1))?.Document // a transfer that Twilio could not be told of
            ?? await ResumeAsync(request, context.Request.Query["call"].ToString(), context.Request.Query["assistant"], context.Request.Query["leg"], isVapi: true, Covered(context, Path), context.RequestAborted);
        context.Response.ContentType = TwiML.ContentType;
        await context.Response.WriteAsync(document, context.RequestAborted);
    }

    /// <summary>Where Twilio asks again when it has played something; null: it has.</summary>
    public static string? Covered(HttpContext context, string path) => context.Request.Query.ContainsKey(CoveredMark) ? null : $"{path}{context.Request.QueryString}&{CoveredMark}=1";

    /// <param name="callRef">The id of the side that had the call.</param>
    /// <param name="coveredUrl">Asked again there, after a sound; null: the caller has heard it.</param>
    public async Task<string> ResumeAsync(SignedRequest request, string callRef, string? assistant, string? leg, bool isVapi, string? coveredUrl, CancellationToken cancellation)
    {
        if (callRef.Length is 0 or > 128 || !int.TryParse(leg, out var number) || number is < 2 or > Continuation.MostLegs || CallRequest.Of(request, assistant, assistants) is not { } call)
        {
            return TwiML.HangUp();
        }

        KnownCall? ended = null;
        if (coveredUrl is not null && before.Patience > before.Moment)
        {
            ended = await before.EndedAsync(callRef, isVapi, cancellation);
            if (ended is null)
            {
                return CoverSound.Document(gate, before.Patience - before.Moment, coveredUrl);
            }
        }

        if (ended is { EndedOnPurpose: true })
        {
            Count("meant");
            return TwiML.HangUp();
        }

        // Connections open meanwhile; the plan is finished when it is known what was said.
        var decided = new TaskCompletionSource<Continuation?>(TaskCreationOptions.RunContinuationsAsynchronously);
        var hasSeat = calls.TryExpect(call.CallSid, number, () => planner.MakeAsync(call, decided.Task));
        try
        {
            var known = ended ?? await (coveredUrl is null ? before.KnownNowAsync(callRef, isVapi, cancellation) : before.WhenEndedAsync(callRef, isVapi, before.Patience, cancellation));
            if (!known.EndedOnPurpose)
            {
                if (assistants.Find(call.Assistant, known.Assistant) is { } last && last.Name != call.Assistant.Name)
                {
                    // Another member of its squad has taken the call over: what was opened meanwhile is for the wrong one.
                    call = call with { Assistant = last };
                    calls.GiveUp(call.CallSid);
                    hasSeat = calls.TryExpect(call.CallSid, number, () => planner.MakeAsync(call, decided.Task));
                }

                return await GoOnAsync(call, known, callRef, number, isVapi, hasSeat, decided);
            }

            Count("meant"); // its end was told behind the sound
            calls.GiveUp(call.CallSid);
            return TwiML.HangUp();
        }
        finally
        {
            decided.TrySetResult(null); // who waits for it must not wait for ever
        }
    }

    private async Task<string> GoOnAsync(CallRequest call, KnownCall known, string callRef, int number, bool isVapi, bool hasSeat, TaskCompletionSource<Continuation?> decided)
    {
        if (isVapi && (known.Leg?.EndedClass is null or EndedReasons.Platform or EndedReasons.Other)) // its providers and our definitions are not it
        {
            failures.Report(call.CallSid, HealthCause.Connectivity);
        }

        // Where nobody has answered yet it is a new call: it begins with the greeting. When the log did not answer in time it is none: what was said is read once more while the caller is spoken to.
        var resumed = known is { WasRead: true, Said: [], Leg: null or { Ran: false } } ? call : call with { Before = new Continuation(number, ConversationSoFar.OpeningOf(known.Said)) { CallRef = callRef } };
        if (resumed.Before is not null && known.WasRead)
        {
            await left.LeaveAsync(call.CallSid, number - 1, new LeftCall(known.Said, null), TimeSpan.Zero); // the stream may come to another replica
        }

        decided.TrySetResult(resumed.Before);
        if (!hasSeat)
        {
            Count("no-seat");
            return TwiML.SayAndHangUp("I'm sorry, we were cut off. Please call again in a minute.");
        }

        Count("resumed");
        LogResumed(isVapi ? "Vapi" : "a stream of ours", known.Leg?.EndedReason ?? "no end told", known.Said.Count);
        return streams.Connect(resumed);
    }

    private static void Count(string outcome) => Telemetry.CallsResumed.Add(1, new KeyValuePair<string, object?>(Telemetry.Tag.Outcome, outcome));

    [LoggerMessage(3621, LogLevel.Warning, "A call that {Side} lost ({Reason}) goes on here, with {Lines} lines of its conversation")]
    private partial void LogResumed(string side, string reason, int lines);
}
