using System.Security.Cryptography;
using System.Text;
using ToolBackend.Core.Calls.Events;

namespace ToolBackend.Core.Tests.Calls.State;

/// <summary>Events as the two sides tell them; times are seconds after 10:00:00 UTC.</summary>
internal static class Told
{
    public const string VapiId = "0d9c5a9e-0000-4000-8000-000000000001";
    public const string OwnId = "own-0192";
    public const string Sid = "CA0000000000000000000000000000beef";

    public static DateTimeOffset At(double seconds) => new DateTimeOffset(2026, 8, 20, 10, 0, 0, TimeSpan.Zero).AddSeconds(seconds);

    public static CallEvent Event(double at, CallEventKind kind, CallFacts? facts = null, CallEventSource source = CallEventSource.Vapi, string? callRef = null, string? sid = Sid)
    {
        callRef ??= source == CallEventSource.Pipeline ? OwnId : VapiId;
        var id = new Guid(SHA256.HashData(Encoding.UTF8.GetBytes($"{callRef} {source} {kind} {at} {facts?.Status} {facts?.Detail} {facts?.Utterance?.Text}")).AsSpan(0, 16));
        return new CallEvent(callRef, id, source, kind.ToString(), kind, At(at), At(at + 0.1), sid, facts ?? CallFacts.None);
    }

    public static CallEvent Status(double at, string status, string? reason = null, CallEventSource source = CallEventSource.Vapi, string? callRef = null) =>
        Event(at, CallEventKind.Status, new CallFacts { Status = status, EndedReason = reason }, source, callRef);

    public static CallEvent Own(double at, string status, string? reason = null) => Status(at, status, reason, CallEventSource.Pipeline);

    public static CallEvent Said(double at, string role, string text, bool interrupted = false, CallEventSource source = CallEventSource.Vapi) =>
        Event(at, CallEventKind.Transcript, new CallFacts { Utterance = new Utterance(role, text, At(at - 1), Interrupted: interrupted) }, source);

    public static CallEvent Report(double at, string? reason, ReportFacts? report = null, IReadOnlyList<Utterance>? conversation = null, CallEventSource source = CallEventSource.Vapi) =>
        Event(at, CallEventKind.Report, new CallFacts { EndedReason = reason, Report = report ?? new ReportFacts(), Conversation = conversation }, source);

    public static CallEvent Reaped(double at, string? callRef = null) =>
        Event(at, CallEventKind.Reaped, new CallFacts { EndedReason = "reaper.no-end-known" }, CallEventSource.Reaper, callRef);

    public static Utterance Line(double at, string role, string text) => new(role, text, At(at));
}
