using ToolBackend.Core.Calls.Events;
using ToolBackend.Core.Calls.State;
using static ToolBackend.Core.Tests.Calls.State.Told;

namespace ToolBackend.Core.Tests.Calls.State;

public sealed class AnomaliesTests
{
    private const string HungUp = "customer-ended-call";

    public static TheoryData<string, CallEvent[]> Odd { get; } = new()
    {
        { "absurd-figure", [Status(0, "in-progress"), Status(9, "ended", HungUp), Report(10, HungUp, new ReportFacts { Cost = -1m })] },
        { "absurd-figure", [Status(0, "in-progress"), Status(9, "ended", HungUp), Report(10, HungUp, new ReportFacts { Turns = [new TurnLatency(double.NaN)] })] },
        { "clock-skew", [Status(0, "in-progress") with { ReceivedAt = At(-61) }] },
        { "clock-skew", [Status(0, "in-progress"), Status(9, "ended", HungUp), Report(10, HungUp, new ReportFacts { EndedAt = At(71) })] },
        { "end-before-start", [Status(0, "in-progress"), Status(9, "ended", HungUp), Report(10, HungUp, new ReportFacts { StartedAt = At(5), EndedAt = At(4) })] },
        { "end-without-reason", [Status(0, "in-progress"), Status(9, "ended")] },
        { "event-after-end", [Status(0, "in-progress"), Status(9, "ended", HungUp), Said(12, "user", "Hello?")] },
        { "event-after-end", [Status(0, "in-progress"), Status(9, "ended", HungUp), Status(12, "in-progress")] },
        { "longer-than-allowed", [Status(0, "in-progress"), Event(1, CallEventKind.AssistantStarted, new CallFacts { Assistant = new AssistantFact("a", "A", 600) }), Status(661, "ended", HungUp)] },
        { "no-end-known", [Status(0, "in-progress"), Reaped(900)] },
        { "report-without-end", [Status(0, "in-progress"), Report(10, HungUp)] },
        { "side-without-end", [Status(0, "in-progress"), Own(10, "in-progress")] },
        { "started-never-in-progress", [Said(5, "user", "Hello?")] },
        { "two-callers", [Event(0, CallEventKind.Status, By("+15555550123")), Event(1, CallEventKind.Status, By("+15555550124"))] },
        { "two-ended-reasons", [Status(0, "in-progress"), Status(9, "ended", HungUp), Report(10, "silence-timed-out")] },
        { "two-provider-calls", [Status(0, "in-progress"), Event(1, CallEventKind.Hang, sid: "CA01")] },
        { "unknown-status", [Status(0, "in-progress"), Status(1, "teleporting")] },
    };

    [Theory]
    [MemberData(nameof(Odd))]
    public void What_cannot_be_right_is_named(string name, CallEvent[] events) => CallFold.Fold(events).Anomalies.ShouldBe([name]);

    public static TheoryData<string, CallEvent[]> Fine { get; } = new()
    {
        { "only queued", [Status(0, "queued")] },
        { "a last word in flight", [Status(0, "in-progress"), Status(9, "ended", HungUp), Said(10, "user", "Bye.")] },
        { "a late conversation", [Status(0, "in-progress"), Status(9, "ended", HungUp), Event(60, CallEventKind.Conversation, new CallFacts { Conversation = [Line(1, "user", "Hi.")] })] },
        { "words about deletion", [Status(0, "in-progress"), Status(1, "not-found"), Status(2, "deletion-failed")] },
        { "no time of receipt", [Status(0, "in-progress") with { ReceivedAt = default }] },
        { "days on the way", [Status(0, "in-progress") with { ReceivedAt = At(86_400 * 3) }] },
        { "never connected", [Status(0, "ended", "customer-did-not-answer")] },
        { "given up too early", [Status(0, "in-progress"), Reaped(9), Status(8, "ended", HungUp)] },
    };

    [Theory]
    [MemberData(nameof(Fine))]
    public void What_is_only_late_lost_or_rare_is_not(string what, CallEvent[] events) => CallFold.Fold(events).Anomalies.ShouldBeEmpty(what);

    private static CallFacts By(string customer) => new() { Status = "in-progress", Call = new CallIdentity(Customer: customer) };
}
