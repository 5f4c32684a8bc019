using ToolBackend.Core.Calls.Events;

namespace ToolBackend.Vapi.Tests.Calls;

public class ReportFactsTests
{
    [Fact]
    public void A_report_has_all_that_a_call_leaves()
    {
        var facts = Reads.Facts("end-of-call-report-full");
        var report = facts.Report.ShouldNotBeNull();

        report.StartedAt.ShouldBe(new DateTimeOffset(2026, 11, 20, 10, 0, 1, 120, TimeSpan.Zero));
        report.EndedAt.ShouldBe(new DateTimeOffset(2026, 11, 20, 10, 5, 1, 800, TimeSpan.Zero));
        report.Cost.ShouldBe(0.4213m);
        report.CostBreakdown.ShouldBe(new Dictionary<string, decimal>
        {
            ["analysis"] = 0.0013m, ["chat"] = 0, ["llm"] = 0.01m, ["stt"] = 0.04m, ["transport"] = 0.02m, ["tts"] = 0.1m, ["vapi"] = 0.25m,
        }, ignoreOrder: true);
        report.Summary.ShouldBe("The caller booked a visit on Thursday.");
        report.Success.ShouldBe("true");
        report.StructuredOutputs!.Keys.ShouldBe(["Mood", "Outcome", "structuredData"]);
        report.StructuredOutputs["Outcome"].GetRawText().ShouldBe("""{"booked":true,"reference":"B-1042"}""");
        report.Recordings.ShouldBe(new Dictionary<string, string>
        {
            ["assistant"] = "https://recordings.example.com/assistant.wav", ["customer"] = "https://recordings.example.com/customer.wav", ["mono"] = "https://recordings.example.com/mono.wav",
            ["stereo"] = "https://recordings.example.com/stereo.wav", ["video"] = "https://recordings.example.com/video.mp4",
        }, ignoreOrder: true);
        report.Turns.ShouldBe([new TurnLatency(1002, 310, 90, 420, 180), new TurnLatency(800.5)]);
        (report.UserInterruptions, report.AssistantInterruptions).ShouldBe((1, 0));
        report.Transfers.ShouldBe([new TransferFact("number", "+12065550199")]);
        report.Assistants!.Select(a => a.Name).ShouldBe(["Front desk", "Dispatch"]);
        facts.Conversation!.Count.ShouldBe(3);
        facts.Tools!.Single().Result.ShouldBe("Booked for 26 November at 14:30, reference B-1042.");
    }

    [Fact]
    public void An_old_and_poor_report_of_a_web_call_gives_what_it_has()
    {
        var stored = Reads.Sample("end-of-call-report-web-call")!.ToStore!;
        var report = stored.Event.Facts.Report.ShouldNotBeNull();

        stored.Event.SentAt.ShouldBe(new DateTimeOffset(2026, 11, 20, 10, 0, 10, 123, TimeSpan.Zero));
        stored.Event.Facts.EndedReason.ShouldBe("silence-timed-out");
        report.StartedAt.ShouldBeNull();
        report.Cost.ShouldBe(0.15m);
        report.CostBreakdown!["stt"].ShouldBe(0.02m);
        report.Recordings.ShouldBe(new Dictionary<string, string> { ["mono"] = "https://recordings.example.com/one.wav" });
        report.Summary.ShouldBeNull();
        report.Success.ShouldBeNull();
        stored.Event.Facts.Conversation.ShouldBe([new Utterance("assistant", "Front desk. how can I help?"), new Utterance("user", "Nothing.")]);
    }

    [Theory]
    [InlineData("\"Good\"", "Good")]
    [InlineData("true", "true")]
    [InlineData("false", "false")]
    [InlineData("0.5", "0.5")]
    [InlineData("{\"ok\":true}", "{\"ok\":true}")]
    [InlineData("null", null)]
    [InlineData("\"\"", null)]
    public void Success_comes_as_a_word_a_boolean_or_a_number(string verdict, string? success) =>
        Report($$$"""{"successEvaluation":{{{verdict}}}}""").Success.ShouldBe(success);

    [Theory]
    [InlineData("1e999")]
    [InlineData("-1")]
    [InlineData("100000000")]
    [InlineData("\"0.4\"")]
    [InlineData("{}")]
    public void A_cost_that_can_be_none_is_absent(string cost) =>
        Reads.Message("end-of-call-report", $$""" "cost":{{cost}},"costs":7,"costBreakdown":[] """).ToStore!.Event.Facts.Report!.Cost.ShouldBeNull();

    [Theory]
    [InlineData("\"artifact\":[]")]
    [InlineData("\"artifact\":{\"recording\":7,\"recordingUrl\":\"javascript:alert(1)\",\"stereoRecordingUrl\":\"file:///etc/passwd\",\"structuredOutputs\":[1],\"transfers\":{},\"assistantActivations\":[1,null,{}]}")]
    [InlineData("\"artifact\":{\"performanceMetrics\":{\"turnLatencies\":[{},{\"turnLatency\":-4},{\"turnLatency\":\"x\"},7],\"numUserInterrupted\":1e300}}")]
    [InlineData("\"analysis\":\"none\",\"startedAt\":{},\"endedAt\":\"soon\",\"messages\":{\"role\":\"user\"},\"summary\":4")]
    public void Wrong_types_are_absent(string members)
    {
        var facts = Reads.Message("end-of-call-report", members).ToStore!.Event.Facts;

        facts.Report!.ShouldBe(new ReportFacts());
        facts.Conversation.ShouldBeNull();
    }

    [Fact]
    public void A_report_from_before_the_analysis_moved_has_its_summary_at_the_top() =>
        Reads.Message("end-of-call-report", """ "summary":"Short." """).ToStore!.Event.Facts.Report!.Summary.ShouldBe("Short.");

    private static ReportFacts Report(string analysis) => Reads.Message("end-of-call-report", $$""" "analysis":{{analysis}} """).ToStore!.Event.Facts.Report!;
}
