using ToolBackend.Core.Calls.Events;
using ToolBackend.Core.Calls.Reaping;
using ToolBackend.Core.Calls.State;
using static ToolBackend.Core.Tests.Calls.State.Told;

namespace ToolBackend.Core.Tests.Calls.State;

/// <summary>The table of <see cref="CallFold"/>, row by row.</summary>
public sealed class TwoSidedCallTests
{
    private const string Lost = "phone-call-provider-closed-websocket";
    private const string HungUp = "customer-ended-call";

    [Fact]
    public void One_side_alone_ends_the_call() =>
        Fold(Status(0, "in-progress"), Status(300, "ended", HungUp)).ShouldBe(("ended", HungUp, At(300), "vapi"));

    [Fact]
    public void A_call_that_was_given_up_came_back_and_fell_silent_again_is_given_up_again()
    {
        List<CallEvent> log = [Status(0, "in-progress"), Status(60, "ended", Lost), Own(61, "in-progress")];
        log.Add(GivenUp(At(61)));
        CallFold.Fold(log).Status.ShouldBe("ended");
        log.Add(Said(400, "user", "Are you still there?", source: CallEventSource.Pipeline));
        CallFold.Fold(log).Status.ShouldBe("in-progress");
        log.Add(GivenUp(At(400)));
        CallFold.Fold(log).Status.ShouldBe("ended");

        static CallEvent GivenUp(DateTimeOffset lastEvent) =>
            ReapedEvent.Of(new SilentCall(VapiId, "in-progress", At(0), At(0), lastEvent, null, [VapiId], 3, 0), EndedReasons.NoEndKnown, At(9000)).Event with { ProviderCallId = Sid };
    }

    [Fact]
    public void What_Vapi_lost_and_the_pipeline_has_lives()
    {
        CallEvent[] lost = [Status(0, "in-progress"), Status(60, "ended", Lost)];
        Fold(lost).ShouldBe(("ended", Lost, At(60), "vapi"));
        Fold([.. lost, Own(61, "in-progress")]).ShouldBe(("in-progress", null, null, "both"));
    }

    [Fact]
    public void A_call_that_Vapi_began_and_the_pipeline_finished_is_one_call()
    {
        var call = CallFold.Fold([
            Status(0, "in-progress"), Said(5, "user", "I would like to move my visit."), Status(60, "ended", Lost),
            Report(65, Lost, new ReportFacts { StartedAt = At(0.5), EndedAt = At(60), Cost = 0.20m, CostBreakdown = Parts(0.05m), Summary = "It broke off.", Recordings = Links("https://v/1") }),
            Own(61, "in-progress"), Said(63, "assistant", "Sorry, we were cut off.", source: CallEventSource.Pipeline), Own(300, "ended", HungUp),
            Report(301, HungUp, new ReportFacts { StartedAt = At(61), EndedAt = At(300), Cost = 0.11m, CostBreakdown = Parts(0.02m), Summary = "The visit was moved.", Success = "true", Recordings = Links("https://o/1") }, source: CallEventSource.Pipeline)]);

        call.CallId.ShouldBe(VapiId);
        call.Aliases.ShouldBe([VapiId, Sid, OwnId], ignoreOrder: true);
        (call.Status, call.Side, call.EndedReason, call.EndedClass).ShouldBe(("ended", "both", HungUp, "normal"));
        (call.StartedAt, call.EndedAt, call.DurationMs).ShouldBe((At(0.5), At(300), 299_500L));
        call.Transcript.Select(static l => l.Text).ShouldBe(["I would like to move my visit.", "Sorry, we were cut off."]);
        call.Cost.ShouldBe(0.31m);
        call.CostBreakdown.ShouldNotBeNull()["stt"].ShouldBe(0.07m);
        call.Summary.ShouldBe("It broke off.\nThe visit was moved.");
        call.Success.ShouldBe("true");
        call.Recordings.ShouldNotBeNull().ShouldBe([new("mono", "https://v/1"), new("mono-2", "https://o/1")]);
        call.Anomalies.ShouldBeEmpty();
        call.Legs.Select(static l => (l.CallRef, l.Side, l.Status, l.EndedReason, l.EndedClass)).ShouldBe([(VapiId, "vapi", "ended", Lost, "platform"), (OwnId, "own", "ended", HungUp, "normal")]);
    }

    [Fact]
    public void An_end_that_Vapi_found_out_late_moves_nothing()
    {
        CallEvent[] events = [Status(0, "in-progress"), Own(61, "in-progress"), Said(200, "user", "Yes.", source: CallEventSource.Pipeline), Status(250, "ended", Lost)];
        Fold(events).ShouldBe(("in-progress", null, null, "both"));
        Fold([.. events, Own(300, "ended", HungUp)]).ShouldBe(("ended", HungUp, At(300), "both"));
        Fold([Status(0, "in-progress"), Own(61, "in-progress"), Own(300, "ended", HungUp), Status(360, "ended", Lost), Report(365, Lost, new ReportFacts { StartedAt = At(0), EndedAt = At(360) })])
            .ShouldBe(("ended", HungUp, At(300), "both"));
    }

    [Fact]
    public void An_end_that_Vapi_never_told_keeps_nothing_alive_and_is_flagged()
    {
        CallEvent[] events = [Status(0, "in-progress"), Own(61, "in-progress"), Own(300, "ended", HungUp)];
        Fold(events).ShouldBe(("ended", HungUp, At(300), "both"));
        CallFold.Fold(events).Anomalies.ShouldBe(["side-without-end"]);
        CallFold.Fold([.. events, Status(360, "ended", Lost)]).Anomalies.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(-2)]
    [InlineData(2)]
    public void Vapi_did_not_run_what_it_only_had_in_its_queue(double queuedAt) =>
        Fold(Status(queuedAt, "queued"), Status(queuedAt + 0.5, "ringing"), Own(0, "in-progress"), Own(300, "ended", HungUp)).ShouldBe(("ended", HungUp, At(300), "own"));

    [Fact]
    public void A_pipeline_that_failed_at_once_does_not_end_what_Vapi_goes_on_with()
    {
        CallEvent[] events = [Status(0, "in-progress"), Own(60, "in-progress"), Own(60.4, "ended", "pipeline.provider-down"), Said(120, "user", "Hello?")];
        Fold(events).ShouldBe(("in-progress", null, null, "both"));
        Fold([.. events, Status(300, "ended", HungUp)]).ShouldBe(("ended", HungUp, At(300), "both"));
    }

    [Fact]
    public void The_reaper_gives_up_the_call_and_not_one_side_of_it()
    {
        CallEvent[] events = [Status(0, "in-progress"), Status(60, "ended", Lost), Own(61, "in-progress"), Said(360, "user", "One moment.", source: CallEventSource.Pipeline)];
        Fold([.. events, Reaped(1800)]).ShouldBe(("ended", "reaper.no-end-known", At(1800), "both"));
        CallFold.Fold([.. events, Reaped(1800)]).Anomalies.ShouldBe(["no-end-known"]);
        Fold([.. events, Reaped(1800), Said(1900, "user", "Are you still there?", source: CallEventSource.Pipeline)]).ShouldBe(("in-progress", null, null, "both"));
    }

    [Fact]
    public void The_reaper_closes_a_call_of_the_pipeline_alone()
    {
        CallEvent[] events = [Own(0, "in-progress"), Reaped(1800, OwnId)];
        Fold(events).ShouldBe(("ended", "reaper.no-end-known", At(1800), "own"));
        CallFold.Fold(events).CallId.ShouldBe(OwnId);
        CallFold.Fold(events).Legs.ShouldHaveSingleItem().Side.ShouldBe("own");
    }

    [Fact]
    public void The_canonical_id_is_the_smallest_of_Vapis_else_of_the_pipelines()
    {
        CallFold.Fold([Own(0, "in-progress")]).CallId.ShouldBe(OwnId);
        CallFold.Fold([Own(0, "in-progress"), Status(1, "queued", callRef: "zz"), Status(2, "queued", callRef: "z0")]).CallId.ShouldBe("z0");
    }

    [Fact]
    public void History_that_is_handed_over_is_not_said_twice()
    {
        Utterance[] history = [Line(2, "assistant", "Hello."), Line(5, "user", "I would like to move my visit.")];
        var call = CallFold.Fold([
            Status(0, "in-progress"), Report(65, Lost, new ReportFacts { StartedAt = At(0) }, history),
            Own(61, "in-progress"), Report(301, HungUp, new ReportFacts { StartedAt = At(61) }, [.. history, Line(62, "assistant", "Sorry, we were cut off.")], CallEventSource.Pipeline)]);
        call.Transcript.Select(static l => l.Text).ShouldBe(["Hello.", "I would like to move my visit.", "Sorry, we were cut off."]);
    }

    [Fact]
    public void Lines_without_times_stay_with_their_side()
    {
        var call = CallFold.Fold([
            Status(0, "in-progress"), Report(65, Lost, new ReportFacts { StartedAt = At(0) }, [new Utterance("assistant", "Hello."), new Utterance("user", "Hi.")]),
            Own(61, "in-progress"), Report(301, HungUp, new ReportFacts { StartedAt = At(61) }, [Line(62, "assistant", "Sorry."), new Utterance("user", "No problem.")], CallEventSource.Pipeline)]);
        call.Transcript.Select(static l => l.Text).ShouldBe(["Hello.", "Hi.", "Sorry.", "No problem."]);
    }

    private static (string Status, string? Reason, DateTimeOffset? EndedAt, string Side) Fold(params CallEvent[] events)
    {
        var call = CallFold.Fold(events);
        CallFold.Fold(events.Reverse()).ToJson().ShouldBe(call.ToJson());
        return (call.Status, call.EndedReason, call.EndedAt, call.Side);
    }

    private static Dictionary<string, decimal> Parts(decimal stt) => new(StringComparer.Ordinal) { ["stt"] = stt };

    private static Dictionary<string, string> Links(string mono) => new(StringComparer.Ordinal) { ["mono"] = mono };
}
