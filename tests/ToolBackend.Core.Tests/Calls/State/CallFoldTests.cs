using System.Text.Json;
using ToolBackend.Core.Calls.Events;
using ToolBackend.Core.Calls.State;
using static ToolBackend.Core.Tests.Calls.State.Told;

namespace ToolBackend.Core.Tests.Calls.State;

public sealed class CallFoldTests
{
    [Fact]
    public void Everything_that_a_call_leaves_is_in_its_state()
    {
        var call = CallFold.Fold(SevenEvents.Call);

        (call.CallId, call.Version, call.Side, call.Type).ShouldBe((VapiId, 7L, "vapi", "inboundPhoneCall"));
        (call.Status, call.EndedReason, call.EndedClass).ShouldBe(("ended", "customer-ended-call", "normal"));
        (call.OpenedAt, call.StartedAt, call.EndedAt, call.LastEventAt).ShouldBe((At(-1), At(0.12), At(300.8), At(312)));
        (call.Caller, call.Line, call.ProviderCallId, call.OrgId, call.PhoneNumberId).ShouldBe(("+15555550123", "+15555550199", Sid, "org-1", "pn-1"));
        call.Aliases.ShouldBe([VapiId, Sid]);
        call.Assistants.ShouldBe([new AssistantFact("as-1", "Front desk", 900)]);
        call.MaxSeconds.ShouldBe(900);
        call.Transcript.Select(static l => (l.Role, l.Text, l.Interrupted)).ShouldBe(
            [("assistant", "Hello, this is the front desk, how can", true), ("user", "I would like to move my visit.", false), ("assistant", "Done. Thursday at ten.", false)]);
        call.Tools.ShouldBe([new ToolCallFact("call_8yQ2", "reschedule_appointment", At(20), "Moved to Thursday at 10.")]);
        call.Turns.ShouldBe([new TurnLatency(1002, 310, 90, 420, 180)]);
        call.Interruptions.ShouldBe(1);
        call.Cost.ShouldBe(0.4213m);
        call.CostBreakdown.ShouldNotBeNull().Select(static p => p.Key).ShouldBe(["llm", "stt", "vapi"]);
        (call.Summary, call.Success, call.HasReport).ShouldBe(("The caller moved the visit.", "true", true));
        call.StructuredOutputs.ShouldNotBeNull()["Outcome"].GetProperty("booked").GetBoolean().ShouldBeTrue();
        call.Recordings.ShouldNotBeNull()["stereo"].ShouldBe("https://recordings.example/stereo");
        call.Anomalies.ShouldBeEmpty();
    }

    [Fact]
    public void A_web_call_without_customer_and_number_is_a_call()
    {
        var call = CallFold.Fold([
            Event(0, CallEventKind.Status, new CallFacts { Status = "in-progress", Call = new CallIdentity("webCall", "org-1") }, sid: null), Event(30, CallEventKind.Status, Ended("customer-ended-call"), sid: null)]);
        (call.Type, call.Caller, call.Line, call.ProviderCallId, call.Status).ShouldBe(("webCall", null, null, null, "ended"));
        call.Aliases.ShouldBe([VapiId]);
        call.Anomalies.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(CallEventKind.Report, "queued", "ended")]
    [InlineData(CallEventKind.ToolCalls, "ringing", "in-progress")]
    [InlineData(CallEventKind.ToolCalls, "ended", "in-progress")]
    [InlineData(CallEventKind.Conversation, "ended", "in-progress")]
    public void A_stale_status_in_another_message_moves_nothing(CallEventKind kind, string stale, string expected) =>
        CallFold.Fold([Status(0, "queued"), Status(1, "in-progress"), Event(2, kind, new CallFacts { Status = stale })]).Status.ShouldBe(expected);

    [Theory]
    [InlineData("not-found")]
    [InlineData("deletion-failed")]
    [InlineData("teleporting")]
    [InlineData(null)]
    public void A_word_that_is_no_status_moves_nothing(string? word)
    {
        CallFold.Fold([Status(0, "in-progress"), Status(5, word!)]).Status.ShouldBe("in-progress");
        CallFold.Fold([Status(0, "ended", "customer-ended-call"), Status(5, word!)]).Status.ShouldBe("ended");
        CallFold.Fold([Status(5, word!)]).Status.ShouldBe("scheduled");
    }

    [Fact]
    public void Status_climbs_and_never_falls()
    {
        string[] words = ["scheduled", "queued", "ringing", "in-progress", "forwarding", "ended"];
        for (var high = 0; high < words.Length; high++)
        {
            for (var low = 0; low <= high; low++)
            {
                CallFold.Fold([Status(0, words[high]), Status(10, words[low])]).Status.ShouldBe(words[high]);
            }
        }
    }

    [Fact]
    public void A_report_before_ended_ends_the_call_and_ended_adds_nothing()
    {
        var report = Report(312, "customer-ended-call", new ReportFacts { StartedAt = At(0), EndedAt = At(300) });
        var early = CallFold.Fold([Status(0, "in-progress"), report]);
        (early.Status, early.EndedAt, early.HasReport).ShouldBe(("ended", At(300), true));
        early.Anomalies.ShouldBe(["report-without-end"]);
        var late = CallFold.Fold([Status(0, "in-progress"), report, Status(301, "ended", "customer-ended-call")]);
        (late.Status, late.EndedAt).ShouldBe(("ended", At(300)));
        late.Anomalies.ShouldBeEmpty();
    }

    [Fact]
    public void Without_a_report_the_statuses_tell()
    {
        var call = CallFold.Fold([Status(0, "in-progress"), Said(5, "user", "Hello?"), Status(60, "ended", "silence-timed-out")]);
        (call.Status, call.StartedAt, call.EndedAt, call.DurationMs, call.HasReport, call.Cost).ShouldBe(("ended", At(0), At(60), 60_000L, false, null));
        call.Transcript.ShouldHaveSingleItem().Text.ShouldBe("Hello?");
    }

    [Fact]
    public void A_report_of_a_call_that_never_connected_starts_nothing()
    {
        var call = CallFold.Fold([Status(0, "queued"), Status(30, "ended", "customer-did-not-answer"), Report(40, "customer-did-not-answer")]);
        (call.StartedAt, call.EndedAt, call.DurationMs, call.EndedClass).ShouldBe((null, At(30), null, "customer"));
        call.Anomalies.ShouldBeEmpty();
    }

    [Fact]
    public void What_the_api_shows_stands_in_for_a_lost_report()
    {
        var snapshot = Event(900, CallEventKind.Snapshot, Ended("customer-ended-call") with { Report = new ReportFacts { StartedAt = At(1), EndedAt = At(300), Cost = 0.3m } }, CallEventSource.Api);
        var call = CallFold.Fold([Status(1, "in-progress"), snapshot]);
        (call.Status, call.EndedAt, call.Cost, call.HasReport).ShouldBe(("ended", At(300), 0.3m, true));
        call.Anomalies.ShouldBeEmpty();
    }

    [Fact]
    public void A_snapshot_of_a_living_call_ends_nothing_and_stops_no_transcript()
    {
        var snapshot = Event(60, CallEventKind.Snapshot, new CallFacts { Status = "in-progress", Report = new ReportFacts { StartedAt = At(1) }, Conversation = [Line(2, "assistant", "Hello."), Line(50, "user", "Hi.")] }, CallEventSource.Api);
        var call = CallFold.Fold([snapshot, Said(61, "user", "Hi."), Said(70, "user", "Are you there?")]);
        (call.Status, call.HasReport).ShouldBe(("in-progress", false));
        call.Transcript.Select(static l => l.Text).ShouldBe(["Hello.", "Hi.", "Are you there?"]);
    }

    [Fact]
    public void What_comes_after_the_report_is_added_member_by_member()
    {
        var report = Report(312, "customer-ended-call", new ReportFacts { StartedAt = At(0), EndedAt = At(300), Cost = 0.4m, Summary = "First.", Success = "false", Recordings = Links("mono", "https://r/1") });
        var later = Event(600, CallEventKind.Snapshot, Ended("customer-ended-call") with { Report = new ReportFacts { EndedAt = At(300), Success = "true", Recordings = Links("stereo", "https://r/2") } }, CallEventSource.Api);
        var call = CallFold.Fold([later, report]);
        (call.Cost, call.Summary, call.Success).ShouldBe((0.4m, "First.", "true"));
        call.Recordings.ShouldNotBeNull().Keys.ShouldBe(["mono", "stereo"]);
    }

    [Fact]
    public void The_best_reason_wins_whatever_came_first()
    {
        var status = Status(300, "ended", "assistant-ended-call");
        var report = Report(312, "customer-ended-call");
        CallFold.Fold([Status(0, "in-progress"), Reaped(200), status]).EndedReason.ShouldBe("assistant-ended-call");
        CallFold.Fold([Status(0, "in-progress"), Reaped(200), status]).EndedAt.ShouldBe(At(300));
        CallFold.Fold([Status(0, "in-progress"), status, report]).EndedReason.ShouldBe("customer-ended-call");
        CallFold.Fold([Status(0, "in-progress"), Status(299, "ended"), status]).EndedReason.ShouldBe("assistant-ended-call");
        var reaped = CallFold.Fold([Status(0, "in-progress"), Reaped(200)]);
        (reaped.Status, reaped.EndedReason, reaped.EndedClass, reaped.EndedAt).ShouldBe(("ended", "reaper.no-end-known", "other", At(200)));
    }

    [Fact]
    public void Tool_calls_are_listed_once_with_what_the_report_says_of_them()
    {
        var call = CallFold.Fold([
            Event(20, CallEventKind.ToolCalls, new CallFacts { Tools = [new ToolCallFact("b", "track_shipment"), new ToolCallFact("a", "find_open_slots")] }),
            Event(21, CallEventKind.Conversation, new CallFacts { Tools = [new ToolCallFact("a", "find_open_slots", null, "early")] }),
            Event(90, CallEventKind.Report, new CallFacts { Tools = [new ToolCallFact("a", "find_open_slots", At(19.5), "Thursday at ten."), new ToolCallFact("c", "list_shipments", At(40), "None.")], Report = new ReportFacts() }),
            Event(91, CallEventKind.Conversation, new CallFacts { Tools = [new ToolCallFact("a", "find_open_slots", null, "late")] })]);
        call.Tools.ShouldBe([new("a", "find_open_slots", At(20), "Thursday at ten."), new("b", "track_shipment", At(20)), new("c", "list_shipments", At(40), "None.")]);
    }

    [Fact]
    public void A_tool_call_that_was_first_known_by_its_result_gets_its_name()
    {
        var call = CallFold.Fold([
            Event(21, CallEventKind.Conversation, new CallFacts { Tools = [new ToolCallFact("a", "unknown", null, "Thursday.")] }), Event(22, CallEventKind.ToolCalls, new CallFacts { Tools = [new ToolCallFact("a", "find_open_slots")] })]);
        call.Tools.ShouldBe([new("a", "find_open_slots", At(22), "Thursday.")]);
    }

    [Fact]
    public void A_clock_that_is_days_ahead_makes_no_call_immortal()
    {
        var wild = Said(86_400 * 400, "user", "Hello?") with { ReceivedAt = At(30) };
        var call = CallFold.Fold([Status(0, "in-progress"), wild]);
        (call.LastEventAt, call.Anomalies.Count).ShouldBe((At(30), 1));
        CallFold.Fold([Status(0, "in-progress"), Own(1, "in-progress"), wild, Reaped(60, OwnId)]).IsEnded.ShouldBeTrue();
    }

    [Fact]
    public void A_transfer_that_is_told_three_times_is_one_and_a_second_attempt_is_a_second()
    {
        var desk = new TransferFact("number", "+15555550142");
        var told = Event(100, CallEventKind.Transfer, new CallFacts { Transfer = desk with { FromAssistant = "Front desk" } });
        var forwarding = Event(101, CallEventKind.Status, new CallFacts { Status = "forwarding", Transfer = desk });
        CallFold.Fold([told, forwarding, Report(300, "assistant-forwarded-call", new ReportFacts { Transfers = [desk] })]).Transfers
            .ShouldBe([new TransferFact("number", "+15555550142", "Front desk", null, At(100))]);
        CallFold.Fold([forwarding]).Transfers.ShouldBe([desk with { At = At(101) }]);
        CallFold.Fold([told, Report(300, "assistant-forwarded-call", new ReportFacts { Transfers = [desk, desk] })]).Transfers.Count.ShouldBe(2);
        CallFold.Fold([told, Event(50, CallEventKind.DestinationRequest)]).Transfers.Count.ShouldBe(1);
        CallFold.Fold([told, Event(300, CallEventKind.Report, new CallFacts { Transfer = desk }), Event(400, CallEventKind.Snapshot, Ended("assistant-forwarded-call") with { Transfer = desk })]).Transfers.Count.ShouldBe(1);
        CallFold.Fold([Event(300, CallEventKind.Report, new CallFacts { Transfer = desk }), Event(400, CallEventKind.Snapshot, Ended("assistant-forwarded-call") with { Transfer = desk })]).Transfers.ShouldBe([desk]);
        CallFold.Fold([Event(100, CallEventKind.Control, new CallFacts { Transfer = desk })]).Transfers.ShouldBe([desk with { At = At(100) }]);
    }

    [Fact]
    public void Assistants_are_listed_as_they_took_over()
    {
        CallEvent Active(double at, string? id, string name) => Event(at, CallEventKind.AssistantStarted, new CallFacts { Assistant = new AssistantFact(id, name), Call = new CallIdentity(AssistantId: "as-1") });
        var call = CallFold.Fold([Active(0, null, "Front desk"), Active(5, null, "Front desk"), Active(60, "as-2", "Billing"), Active(90, null, "Front desk")]);
        call.Assistants.Select(static a => (a.Id, a.Name)).ShouldBe([("as-1", "Front desk"), ("as-2", "Billing"), (null, "Front desk")]);

        CallFold.Fold([Event(0, CallEventKind.Status, new CallFacts { Status = "in-progress", Call = new CallIdentity(AssistantId: "as-1") })]).Assistants.ShouldBe([new AssistantFact("as-1", null)]);
        CallFold.Fold([Active(0, null, "Front desk"), Report(100, null, new ReportFacts { Assistants = [new("as-1", "Front desk"), new("as-2", "Billing")] })]).Assistants
            .ShouldBe([new("as-1", "Front desk"), new("as-2", "Billing")]);
        CallFold.Fold([Active(0, "as-1", "Front desk"), Active(5, "as-1", "Billing")]).Assistants.Select(static a => a.Name).ShouldBe(["Front desk", "Billing"]);
    }

    [Fact]
    public void Interruptions_and_hangs_are_counted_and_the_report_fills_what_was_lost()
    {
        CallEvent[] events = [Event(1, CallEventKind.Interruption), Event(2, CallEventKind.Interruption), Event(2, CallEventKind.Interruption), Event(3, CallEventKind.Hang)];
        var call = CallFold.Fold(events);
        (call.Interruptions, call.Hangs, call.Version).ShouldBe((2, 1, 3L));
        CallFold.Fold([.. events, Report(9, null, new ReportFacts { AssistantInterruptions = 5, UserInterruptions = 9 })]).Interruptions.ShouldBe(5);
        CallFold.Fold([.. events, Report(9, null, new ReportFacts { AssistantInterruptions = 1 })]).Interruptions.ShouldBe(2);
    }

    [Fact]
    public void Prompts_are_no_speech_and_interrupted_lines_stay_marked()
    {
        var call = CallFold.Fold([
            Event(10, CallEventKind.Conversation, new CallFacts { Conversation = [new Utterance("system", "You are ..."), new Utterance("bot", "Hello, how", At(1), Interrupted: true), new Utterance("user", "  ")] }),
            Event(20, CallEventKind.Conversation, new CallFacts { Conversation = [new Utterance("system", "You are ...")] })]);
        call.Transcript.ShouldBe([new Utterance("assistant", "Hello, how", At(1), Interrupted: true)]);
    }

    [Fact]
    public void A_later_conversation_replaces_an_earlier_one_and_the_reports_all_of_them()
    {
        CallEvent Conversation(double at, params string[] lines) => Event(at, CallEventKind.Conversation, new CallFacts { Conversation = [.. lines.Select(static (l, i) => Line(i, "user", l))] });
        CallEvent[] events = [Conversation(20, "one", "two"), Conversation(10, "one"), Said(5, "user", "one")];
        CallFold.Fold(events).Transcript.Select(static l => l.Text).ShouldBe(["one", "two"]);
        CallFold.Fold([.. events, Report(15, null, conversation: [Line(0, "user", "all")])]).Transcript.Select(static l => l.Text).ShouldBe(["all"]);
    }

    [Fact]
    public void Deleted_data_are_marked_and_an_artifact_or_an_unknown_type_changes_no_status()
    {
        var call = CallFold.Fold([Status(0, "in-progress"), Event(5, CallEventKind.Other), Event(6, CallEventKind.Artifact), Event(7, CallEventKind.Deleted)]);
        (call.IsDeletedAtVapi, call.Status, call.Version).ShouldBe((true, "in-progress", 4L));
    }

    [Fact]
    public void Ten_thousand_events_and_names_are_folded()
    {
        var many = Enumerable.Range(0, 10_000).Select(static i => Event(i / 10.0, (CallEventKind)(i % 18), new CallFacts
        {
            Status = i % 7 == 0 ? "in-progress" : null,
            Utterance = new Utterance("user", $"line {i}"),
            Tools = [new ToolCallFact($"t{i}", "x")],
            Assistant = new AssistantFact($"a{i}", $"n{i}"),
            Report = new ReportFacts { Cost = 1, Recordings = Links($"kind {i}", "https://r"), StructuredOutputs = new Dictionary<string, JsonElement>(StringComparer.Ordinal) { [$"o{i}"] = JsonElement.Parse("1") } },
        }, (CallEventSource)(i % 4), $"ref-{i % 3000}")).ToList();
        var call = CallFold.Fold(many);
        call.Version.ShouldBe(10_000);
        call.Legs.Count.ShouldBe(3_000);
        CallFold.Fold(Enumerable.Reverse(many)).ToJson().ShouldBe(call.ToJson());
    }

    [Fact]
    public void No_event_is_no_call() => Should.Throw<ArgumentException>(static () => CallFold.Fold([]));

    private static CallFacts Ended(string reason) => new() { Status = "ended", EndedReason = reason };

    private static Dictionary<string, string> Links(string kind, string link) => new(StringComparer.Ordinal) { [kind] = link };
}
