using ToolBackend.Vapi.Calls;

namespace ToolBackend.Vapi.Tests.Calls;

public class ContentPolicyTests
{
    private static readonly ContentPolicy WithoutContent = new() { StoreContent = false, StoreHighFrequency = true };

    [Fact]
    public void Without_content_a_report_keeps_when_how_long_why_and_how_dear()
    {
        var read = Reads.Sample("end-of-call-report-full", WithoutContent)!;

        read.Flaw.ShouldBe(BodyFlaw.None);
        read.ToStore!.Body.ShouldBeNull();
        var facts = read.ToStore.Event.Facts;
        facts.EndedReason.ShouldBe("customer-ended-call");
        facts.Call!.Customer.ShouldBe("+12065550101");
        facts.Report!.Cost.ShouldBe(0.4213m);
        facts.Report.Success.ShouldBe("true");
        facts.Report.Turns!.Count.ShouldBe(2);
        facts.Conversation.ShouldBeNull();
        facts.Tools.ShouldBeNull();
        facts.Report.Summary.ShouldBeNull();
        facts.Report.StructuredOutputs.ShouldBeNull();
        facts.Report.Recordings.ShouldBeNull();
        var everything = read.Everything();
        foreach (var said in new[] { "Thursday", "half past", "B-1042", "recordings.example.com", "calm", "booked a visit" })
        {
            everything.ShouldNotContain(said);
        }
    }

    [Theory]
    [InlineData("transcript", """ "transcriptType":"final","role":"user","transcript":"said-8841" """)]
    [InlineData("transcript", """ "transcriptType":"partial","role":"user","transcript":"said-8841" """)]
    [InlineData("conversation-update", """ "messages":[{"role":"user","message":"said-8841"},{"role":"tool_call_result","toolCallId":"t","name":"f","result":"said-8841"}] """)]
    [InlineData("end-of-call-report", """ "analysis":{"successEvaluation":"A long verdict that quotes the caller: said-8841"},"transcript":"User: said-8841" """)]
    [InlineData("status-update", """ "status":"forwarding","transcript":"User: said-8841","summary":"said-8841","inboundPhoneCallDebuggingArtifacts":{"error":"said-8841"} """)]
    [InlineData("voice-input", """ "input":"said-8841" """)]
    [InlineData("model-output", """ "output":"said-8841" """)]
    [InlineData("assistant.speechStarted", """ "text":"said-8841" """)]
    [InlineData("brand.new", """ "text":"said-8841" """)]
    public void Without_content_nothing_that_was_said_is_kept_or_shown(string type, string members)
    {
        var read = Reads.Message(type, members, WithoutContent);

        read.ToStore!.Body.ShouldBeNull();
        read.Everything().ShouldNotContain("8841");
    }

    [Fact]
    public void A_body_over_the_limit_is_not_kept_and_its_facts_are()
    {
        var read = Reads.Sample("end-of-call-report-full", new ContentPolicy { MaxBodyBytes = 500 })!;

        read.Flaw.ShouldBe(BodyFlaw.TooLarge);
        read.ToStore!.Body.ShouldBeNull();
        read.ToStore.Event.Facts.Report!.Summary.ShouldBe("The caller booked a visit on Thursday.");
    }

    [Fact]
    public void A_conversation_of_megabytes_is_read_and_bounded()
    {
        var turn = """{"role":"user","message":"I said \"Thursday\" and not Tuesday.","time":1763632804000}""";
        var long_ = $$$"""{"role":"user","message":"{{{new string('x', 100_000)}}}"}""";
        var read = Reads.Message("conversation-update", $"\"messages\":[{string.Join(',', Enumerable.Repeat(turn, 50_000))},{long_}]");

        read.Flaw.ShouldBe(BodyFlaw.TooLarge);
        read.ToStore!.Event.Facts.Conversation!.Count.ShouldBe(4000);
        Reads.Message("conversation-update", $"\"messages\":[{long_}]").ToStore!.Event.Facts.Conversation!.Single().Text.Length.ShouldBe(16 * 1024);
    }
}
