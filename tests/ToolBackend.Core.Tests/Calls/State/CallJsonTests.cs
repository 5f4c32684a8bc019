using ToolBackend.Core.Calls.Events;
using ToolBackend.Core.Calls.State;

namespace ToolBackend.Core.Tests.Calls.State;

public sealed class CallJsonTests
{
    [Fact]
    public void A_state_that_was_stored_and_read_is_written_as_before()
    {
        var json = CallFold.Fold(SevenEvents.Call).ToJson();
        CallState.Parse(json).ToJson().ShouldBe(json);
        json.ShouldContain("\"n\":1.50e2");
        json.ShouldNotContain("durationMs");
    }

    [Fact]
    public void Facts_that_were_stored_and_read_are_written_as_before_and_fold_to_the_same()
    {
        foreach (var e in SevenEvents.Call)
        {
            var json = System.Text.Encoding.UTF8.GetString(e.Facts.ToJson());
            System.Text.Encoding.UTF8.GetString(CallFacts.Parse(json).ToJson()).ShouldBe(json);
        }

        CallFold.Fold(SevenEvents.Call.Select(static e => e with { Facts = CallFacts.Parse(System.Text.Encoding.UTF8.GetString(e.Facts.ToJson())) })).ToJson()
            .ShouldBe(CallFold.Fold(SevenEvents.Call).ToJson());
    }

    [Fact]
    public void Members_of_a_later_version_do_no_harm()
    {
        CallFacts.Parse("""{"status":"ended","later":{"a":1}}""").Status.ShouldBe("ended");
        CallFacts.Parse("null").ShouldBe(CallFacts.None);
        CallState.Parse("""{"callId":"a","version":1,"aliases":["a"],"status":"ended","side":"vapi","openedAt":"2026-08-20T10:00:00+00:00","lastEventAt":"2026-08-20T10:00:00+00:00","later":1}""").Legs.ShouldBeEmpty();
    }

    [Fact]
    public void Null_members_of_stored_facts_are_folded()
    {
        var facts = CallFacts.Parse("""{"conversation":[null,{"role":null,"text":null}],"tools":[null,{"id":null,"name":null}],"transfer":{},"assistant":{},"utterance":{"role":"user","text":null},"report":{"turns":[null,{}],"transfers":[null],"assistants":[null],"recordings":{"mono":null},"structuredOutputs":{"a":null}},"call":{}}""");
        var call = CallFold.Fold([Told.Event(0, CallEventKind.Report, facts)]);
        (call.Status, call.Transcript.Count, call.Tools.Count, call.Turns.Count, call.Recordings).ShouldBe(("ended", 0, 0, 0, null));
    }

    [Fact]
    public void Neither_a_state_nor_a_leg_nor_an_event_tells_personal_data_by_itself()
    {
        var call = CallFold.Fold(SevenEvents.Call);
        call.ToString().ShouldBe($"call {Told.VapiId} ended");
        call.Legs[0].ToString().ShouldBe($"vapi {Told.VapiId} ended");
        SevenEvents.Call[6].ToString().ShouldNotContain("+1555");
    }
}
