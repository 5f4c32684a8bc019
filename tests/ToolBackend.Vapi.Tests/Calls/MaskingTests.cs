using ToolBackend.Vapi.Calls;

namespace ToolBackend.Vapi.Tests.Calls;

/// <summary>Card and social security numbers in every place that holds what somebody said.</summary>
public class MaskingTests
{
    private static readonly ContentPolicy KeepAll = new() { StoreHighFrequency = true };

    [Theory]
    [InlineData("transcript", """ "transcriptType":"final","role":"user","transcript":"NUMBER" """)]
    [InlineData("transcript", """ "transcriptType":"partial","role":"user","transcript":"NUMBER" """)]
    [InlineData("voice-input", """ "input":"NUMBER" """)]
    [InlineData("assistant.speechStarted", """ "text":"NUMBER" """)]
    [InlineData("model-output", """ "output":"NUMBER" """)]
    [InlineData("conversation-update", """ "messages":[{"role":"user","message":"NUMBER"}] """)]
    [InlineData("conversation-update", """ "conversation":[{"role":"user","content":"NUMBER"}] """)]
    [InlineData("conversation-update", """ "messages":[{"role":"tool_call_result","toolCallId":"t","name":"f","result":"NUMBER"}] """)]
    [InlineData("end-of-call-report", """ "transcript":"User: NUMBER" """)]
    [InlineData("end-of-call-report", """ "analysis":{"summary":"NUMBER","successEvaluation":"NUMBER"},"summary":"NUMBER" """)]
    [InlineData("end-of-call-report", """ "artifact":{"structuredOutputs":{"u":{"name":"n NUMBER","result":{"a":["NUMBER"],"NUMBER":1}}},"transfers":[{"transcript":"NUMBER"}]} """)]
    [InlineData("end-of-call-report", """ "artifact":{"messages":[{"role":"bot","message":"NUMBER"}]} """)]
    [InlineData("status-update", """ "status":"forwarding","summary":"NUMBER","destination":{"message":"NUMBER"} """)]
    [InlineData("handoff-destination-request", """ "parameters":{"reason":"NUMBER"} """)]
    [InlineData("brand.new", """ "whatever":"NUMBER" """)]
    public void A_number_is_masked_wherever_it_is_said(string type, string members)
    {
        foreach (var number in new[] { "4111 1111 1111 1111", "4111111111111111", "four one one one, 1111 1 1 1 1 one one one one", "123-45-6789" })
        {
            var read = Reads.Message(type, members.Replace("NUMBER", number), KeepAll);

            var everything = read.Everything();
            everything.ShouldNotContain("1111", customMessage: $"{type} {members}");
            everything.ShouldNotContain("one, ");
            everything.ShouldNotContain("45-6789");
            everything.ShouldContain("[");
        }
    }

    [Fact]
    public void A_number_in_numbers_and_in_strings_of_JSON_is_masked()
    {
        var everything = Reads.Message("end-of-call-report", """
            "artifact":{"structuredOutputs":{"u":{"name":"n","result":{"a":4111111111111111,"b":5555555555554444.0}}}},
            "messages":[{"role":"tool_call_result","toolCallId":"t","name":"f","result":"{\"a\":4111111111111111,\"b\":[\"4111 1111 1111 1111\"]}"}]
            """).Everything();

        everything.ShouldNotContain("1111");
        everything.ShouldNotContain("5555");
        everything.ShouldContain("[card number]");
    }

    [Fact]
    public void Ids_times_and_phone_numbers_that_look_like_cards_stay()
    {
        var read = Reads.Message("end-of-call-report", """
            "timestamp2":1748000000127,"messages":[{"role":"user","message":"hi","time":1763632804004,"endTime":1763632805001}],"turnId":"4111111111111111","durationMs":4111111111111111,
            "customer":{"number":"4111111111111111","externalId":"4111111111111111"},"recordingUrl":"https://r.example.com/4111111111111111.wav"
            """);

        var json = read.Json();
        json["turnId"]!.GetValue<string>().ShouldBe("4111111111111111");
        json["customer"]!["number"]!.GetValue<string>().ShouldBe("4111111111111111");
        json["customer"]!["externalId"]!.GetValue<string>().ShouldBe("4111111111111111");
        json["messages"]![0]!["time"]!.GetValue<long>().ShouldBe(1763632804004);
        json["recordingUrl"]!.GetValue<string>().ShouldBe("https://r.example.com/4111111111111111.wav");
        read.ToStore!.Event.Facts.Call!.Customer.ShouldBe("4111111111111111");
        read.ToStore.Event.Facts.Report!.Recordings!["mono"].ShouldBe("https://r.example.com/4111111111111111.wav");
    }

    [Fact]
    public void Keys_that_a_caller_pressed_are_kept_nowhere()
    {
        var read = Reads.Message("conversation-update", """ "messages":[{"role":"user","message":"User's Keypad Entry: 48 15-16#, then"},{"role":"user","message":"users keypad entry:23*42"}] """);

        read.ToStore!.Event.Facts.Conversation!.Select(u => u.Text).ShouldBe(["User's Keypad Entry: [keys], then", "users keypad entry:[keys]"]);
        read.Everything().ShouldNotContain("48 15");
        read.Everything().ShouldNotContain("23*42");
    }

    [Fact]
    public void A_partial_transcript_hides_a_number_before_it_is_complete() =>
        Reads.Message("transcript", """ "transcriptType":"partial","transcript":"It is 4111 1111 11" """).Live!.Text.ShouldBe("It is [digits]");

    [Fact]
    public void A_piece_of_model_output_shows_no_digit_since_a_number_spans_many() =>
        Reads.Message("model-output", """ "output":"41 is" """).Live!.Text.ShouldBe("** is");
}
