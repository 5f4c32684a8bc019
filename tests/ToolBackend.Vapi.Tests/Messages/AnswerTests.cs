using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using ToolBackend.Vapi.Messages;

namespace ToolBackend.Vapi.Tests.Messages;

public class AnswerTests
{
    private static string Written(Action<IBufferWriter<byte>> write)
    {
        var output = new ArrayBufferWriter<byte>();
        write(output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    private static string Written(params ToolCallAnswer[] answers) => Written(output => ToolCallAnswer.Write(output, answers));

    [Fact]
    public void Results_and_errors_are_written_with_id_and_name() =>
        Written(new ToolCallAnswer("call_1", "track_shipment", "It's out for delivery."), new ToolCallAnswer("call_2", "book_appointment", "That time is taken.", IsError: true))
            .ShouldBe("""{"results":[{"toolCallId":"call_1","name":"track_shipment","result":"It's out for delivery."},{"toolCallId":"call_2","name":"book_appointment","error":"That time is taken."}]}""");

    [Fact]
    public void A_spoken_message_is_written_with_its_result() =>
        Written(new ToolCallAnswer("c", "n", "ok", Message: new SpokenMessage("Good\nbye.", EndCallAfterSpoken: true)))
            .ShouldBe("""{"results":[{"toolCallId":"c","name":"n","result":"ok","message":{"type":"request-complete","role":"assistant","content":"Good bye.","endCallAfterSpokenEnabled":true}}]}""");

    [Fact]
    public void An_id_is_answered_once_and_calls_without_id_each() =>
        JsonNode.Parse(Written(new("a", "n", "1"), new("", "n", "2"), new("a", "n", "3"), new("", "n", "4")))!["results"]!.AsArray()
            .Select(result => result!["result"]!.GetValue<string>()).ShouldBe(["1", "2", "4"]);

    [Fact]
    public void Line_breaks_and_control_characters_become_one_space() =>
        SpokenText.SingleLine("a\r\nb\tc\0d\u2028e\u0085f").ShouldBe("a b c d e f");

    [Fact]
    public void Half_a_surrogate_pair_is_replaced_and_a_whole_one_kept() =>
        SpokenText.SingleLine("a\ud800b\udc00 🚀").ShouldBe("a\ufffdb\ufffd 🚀");

    [Fact]
    public void A_long_text_is_cut_behind_a_sentence()
    {
        var text = string.Concat(Enumerable.Repeat("This is a sentence of the answer. ", 200));

        var line = SpokenText.SingleLine(text);

        line.Length.ShouldBeInRange(SpokenText.MaxLength - 40, SpokenText.MaxLength);
        line.ShouldEndWith("answer.");
    }

    [Fact]
    public void A_long_text_without_sentences_is_cut_behind_a_word_or_a_character()
    {
        SpokenText.SingleLine(string.Concat(Enumerable.Repeat("word ", 2000))).ShouldEndWith("word");
        SpokenText.SingleLine(new string('x', 5000)).Length.ShouldBe(SpokenText.MaxLength);
        SpokenText.SingleLine("x" + string.Concat(Enumerable.Repeat("🚀", 3000))).Length.ShouldBe(SpokenText.MaxLength - 1);
        SpokenText.SingleLine(new string('x', 4000)).Length.ShouldBe(4000);
    }

    [Fact]
    public void Any_text_gives_valid_single_line_JSON()
    {
        var random = new Random(20261122);
        for (var i = 0; i < 2000; i++)
        {
            var text = new string([.. Enumerable.Range(0, random.Next(200)).Select(_ => (char)random.Next(random.Next(2) == 0 ? 128 : 65536))]);
            var json = Written(new ToolCallAnswer("c", "n", text));
            JsonNode.Parse(json)!["results"]![0]!["result"]!.GetValue<string>().ShouldNotContain('\n');
        }
    }

    [Fact]
    public void An_assistant_request_is_answered_with_an_assistant_and_variables() =>
        Written(new AssistantRequestAnswer.SavedAssistant("a-1") { VariableValues = new Dictionary<string, string> { ["firstName"] = "Ona" } }.Write)
            .ShouldBe("""{"assistantId":"a-1","assistantOverrides":{"variableValues":{"firstName":"Ona"}}}""");

    [Fact]
    public void An_assistant_request_is_answered_in_every_other_form()
    {
        Written(new AssistantRequestAnswer.SavedAssistant("a-1").Write).ShouldBe("""{"assistantId":"a-1"}""");
        Written(new AssistantRequestAnswer.SavedSquad("s-1").Write).ShouldBe("""{"squadId":"s-1"}""");
        Written(new AssistantRequestAnswer.InlineAssistant("{\"name\":\"x\"}"u8.ToArray()).Write).ShouldBe("""{"assistant":{"name":"x"}}""");
        Written(new AssistantRequestAnswer.Transfer(new VapiDestination.Number("+12065550110") { Message = "" }).Write)
            .ShouldBe("""{"destination":{"type":"number","number":"+12065550110","message":""}}""");
        Written(new AssistantRequestAnswer.Refused("We are closed.").Write).ShouldBe("""{"error":"We are closed."}""");
        Should.Throw<ArgumentException>(() => Written(new AssistantRequestAnswer.Refused(" ").Write));
    }

    [Fact]
    public void A_transfer_request_is_answered_with_a_destination_or_an_error()
    {
        Written(new TransferDestinationAnswer.To(new VapiDestination.Number("+12065550110") { Extension = "12", CallerId = "+12065550100", TransferMode = "blind-transfer" }, "Connecting you now").Write)
            .ShouldBe("""{"destination":{"type":"number","number":"+12065550110","extension":"12","callerId":"+12065550100","transferPlan":{"mode":"blind-transfer"}},"message":{"type":"request-start","content":"Connecting you now"}}""");
        Written(new TransferDestinationAnswer.To(new VapiDestination.Sip("sip:desk@example.com")).Write).ShouldBe("""{"destination":{"type":"sip","sipUri":"sip:desk@example.com"}}""");
        Written(new TransferDestinationAnswer.To(new VapiDestination.Assistant { AssistantName = "Billing" }).Write).ShouldBe("""{"destination":{"type":"assistant","assistantName":"Billing"}}""");
        Written(new TransferDestinationAnswer.Refused("Nobody is available.").Write).ShouldBe("""{"error":"Nobody is available."}""");
    }

    [Fact]
    public void A_handoff_request_and_a_function_call_are_answered()
    {
        Written(new HandoffDestinationAnswer.To(new VapiDestination.Assistant { AssistantId = "a-2" }, "Handing over").Write)
            .ShouldBe("""{"destination":{"type":"assistant","assistantId":"a-2"},"result":"Handing over"}""");
        Written(new HandoffDestinationAnswer.Refused("Nobody is available.").Write).ShouldBe("""{"error":"Nobody is available."}""");
        Written(new FunctionCallAnswer("Booked\nfor 2:30.").Write).ShouldBe("""{"result":"Booked for 2:30."}""");
    }
}
