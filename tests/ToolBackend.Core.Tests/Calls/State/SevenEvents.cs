using System.Text.Json;
using ToolBackend.Core.Calls.Events;
using static ToolBackend.Core.Tests.Calls.State.Told;

namespace ToolBackend.Core.Tests.Calls.State;

/// <summary>A call as it comes: seven messages from ringing to the report.</summary>
internal static class SevenEvents
{
    private static readonly CallIdentity s_identity = new("inboundPhoneCall", "org-1", "as-1", null, "pn-1", At(-1), "+15555550123", "+15555550199");

    public static IReadOnlyList<CallEvent> Call { get; } =
    [
        Event(-0.5, CallEventKind.Status, new CallFacts { Status = "ringing", Call = s_identity }),
        Event(0.1, CallEventKind.Status, new CallFacts { Status = "in-progress", Call = s_identity }),
        Event(0.2, CallEventKind.AssistantStarted, new CallFacts { Assistant = new AssistantFact(null, "Front desk", 900) }),
        Event(4, CallEventKind.Interruption),
        Event(20, CallEventKind.ToolCalls, new CallFacts { Call = s_identity, Tools = [new ToolCallFact("call_8yQ2", "reschedule_appointment")] }),
        Event(301, CallEventKind.Status, new CallFacts { Status = "ended", EndedReason = "customer-ended-call" }),
        Event(312, CallEventKind.Report, new CallFacts
        {
            Call = s_identity,
            EndedReason = "customer-ended-call",
            Conversation =
            [
                new Utterance("system", "You are the front desk."),
                new Utterance("assistant", "Hello, this is the front desk, how can", At(1), At(4), Interrupted: true),
                new Utterance("user", "I would like to move my visit.", At(4), At(8)),
                new Utterance("assistant", "Done. Thursday at ten.", At(22), At(25)),
            ],
            Tools = [new ToolCallFact("call_8yQ2", "reschedule_appointment", At(19.9), "Moved to Thursday at 10.")],
            Report = new ReportFacts
            {
                StartedAt = At(0.12),
                EndedAt = At(300.8),
                Cost = 0.4213m,
                CostBreakdown = new Dictionary<string, decimal>(StringComparer.Ordinal) { ["vapi"] = 0.25m, ["stt"] = 0.04m, ["llm"] = 0.01m },
                Summary = "The caller moved the visit.",
                Success = "true",
                StructuredOutputs = new Dictionary<string, JsonElement>(StringComparer.Ordinal) { ["Outcome"] = JsonElement.Parse("""{"booked":true,"when":"2026-08-27T10:00:00.000Z","n":1.50e2,"say":"\u00e9\"<"}""") },
                Recordings = new Dictionary<string, string>(StringComparer.Ordinal) { ["stereo"] = "https://recordings.example/stereo", ["mono"] = "https://recordings.example/mono?a=1&b=2" },
                Turns = [new TurnLatency(1002, 310, 90, 420, 180)],
                UserInterruptions = 0,
                AssistantInterruptions = 1,
                Assistants = [new AssistantFact("as-1", "Front desk")],
            },
        }),
    ];
}
