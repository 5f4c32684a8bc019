using System.Security.Cryptography;
using System.Text;
using ToolBackend.Core.Calls.Events;
using ToolBackend.Core.Observability;

namespace ToolBackend.Core.Tests.Calls.Intake;

/// <summary>Events as tests write them: what matters is named, the rest is ordinary.</summary>
internal static class Events
{
    public static readonly DateTimeOffset Start = new(2026, 11, 20, 10, 0, 0, TimeSpan.Zero);

    public static ReportedEvent Status(string callRef, string status, int second, string? endedReason = null, string? sid = null, CallEventSource source = CallEventSource.Vapi) =>
        Make(callRef, "status-update", CallEventKind.Status, second, new CallFacts { Status = status, EndedReason = endedReason }, sid, source);

    public static ReportedEvent Said(string callRef, string role, string text, int second, string? sid = null, CallEventSource source = CallEventSource.Vapi) =>
        Make(callRef, "transcript", CallEventKind.Transcript, second, new CallFacts { Utterance = new Utterance(role, text, Start.AddSeconds(second)) }, sid, source);

    public static ReportedEvent Report(string callRef, int second, string endedReason, string? sid = null) =>
        Make(callRef, "end-of-call-report", CallEventKind.Report, second, new CallFacts
        {
            EndedReason = endedReason,
            Report = new ReportFacts { StartedAt = Start, EndedAt = Start.AddSeconds(second - 5), Cost = 0.12m, Summary = "The caller booked a visit." },
        }, sid, CallEventSource.Vapi);

    public static ReportedEvent Make(string callRef, string type, CallEventKind kind, int second, CallFacts facts, string? sid = null, CallEventSource source = CallEventSource.Vapi)
    {
        var at = Start.AddSeconds(second);
        var id = new Guid(SHA256.HashData(Encoding.UTF8.GetBytes($"{callRef} {type} {second} {facts.Status} {facts.Utterance?.Text}")).AsSpan(0, 16));
        var body = Encoding.UTF8.GetBytes($$"""{"message":{"timestamp":{{at.ToUnixTimeMilliseconds()}},"type":"{{type}}"} }""");
        return new ReportedEvent(new CallEvent(callRef, id, source, type, kind, at, at.AddMilliseconds(40), sid, facts), body, null);
    }

    public static ReportedEvent WithControl(this ReportedEvent reported, string url) => reported with { ControlUrl = Sensitive.Of(url) };

    /// <summary>An ordinary call of seven events.</summary>
    public static IReadOnlyList<ReportedEvent> Call(string callRef, string? sid = null) =>
    [
        Status(callRef, "ringing", 0, sid: sid),
        Status(callRef, "in-progress", 2, sid: sid),
        Said(callRef, "assistant", "Hello, how can I help?", 3, sid),
        Said(callRef, "user", "I need a check-up on Thursday.", 8, sid),
        Said(callRef, "assistant", "You are booked.", 12, sid),
        Status(callRef, "ended", 20, "customer-ended-call", sid),
        Report(callRef, 30, "customer-ended-call", sid),
    ];
}
