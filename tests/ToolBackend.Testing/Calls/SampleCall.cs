using ToolBackend.Core.Calls.Events;
using ToolBackend.Core.Calls.State;

namespace ToolBackend.Testing.Calls;

/// <summary>States of ordinary calls; a test changes what matters to it with <c>with</c>.</summary>
public static class SampleCall
{
    public const string Caller = "+12065550142";
    public const string Line = "+12065550100";

    /// <summary>An inbound call that is being talked in since 20 s.</summary>
    public static CallState Open(string id, DateTimeOffset opened) => new()
    {
        CallId = id,
        Version = 2,
        Aliases = [id],
        Status = "in-progress",
        Side = "vapi",
        Type = "inboundPhoneCall",
        OpenedAt = opened,
        StartedAt = opened.AddSeconds(2),
        LastEventAt = opened.AddSeconds(20),
        Caller = Caller,
        Line = Line,
        Assistants = [new AssistantFact("5b1e8a52-0000-4000-8000-000000000001", "Front desk")],
    };

    /// <summary>A call of two minutes in which a visit was booked, with its report.</summary>
    public static CallState Ended(string id, DateTimeOffset opened) => Open(id, opened) with
    {
        Version = 9,
        Aliases = [$"CA-{id}", id],
        ProviderCallId = $"CA-{id}",
        Status = "ended",
        EndedReason = "customer-ended-call",
        EndedClass = "normal",
        EndedAt = opened.AddSeconds(122),
        LastEventAt = opened.AddSeconds(130),
        Transcript =
        [
            new Utterance("assistant", "Hello, how can I help?", opened.AddSeconds(3)),
            new Utterance("user", "I need a check-up on Thursday.", opened.AddSeconds(8)),
            new Utterance("assistant", "You are booked.", opened.AddSeconds(40)),
        ],
        Tools = [new ToolCallFact($"tool-{id}", "book_appointment", opened.AddSeconds(30), "Booked: Check-up on Thursday.")],
        Turns = [new TurnLatency(600), new TurnLatency(900)],
        Cost = 0.12m,
        CostBreakdown = new Dictionary<string, decimal>(StringComparer.Ordinal) { ["llm"] = 0.05m, ["vapi"] = 0.07m },
        Summary = "The caller booked a check-up.",
        Success = "true",
        HasReport = true,
    };
}
