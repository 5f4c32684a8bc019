using ToolBackend.Core.Calls.Events;
using ToolBackend.Vapi.Calls;

namespace ToolBackend.Vapi.Tests.Calls;

public class MessageFactsTests
{
    private static readonly DateTimeOffset SentAt = DateTimeOffset.FromUnixTimeMilliseconds(1763632810123);

    [Theory]
    [InlineData("hang-of-call")]
    [InlineData("status-update-ended")]
    [InlineData("end-of-call-report-full")]
    [InlineData("assistant-request")]
    public void Every_message_says_what_call_it_is(string sample) => Reads.Facts(sample).Call.ShouldBe(new CallIdentity(
        "inboundPhoneCall", "6a1e2b90-1111-4222-8333-944455566677", "2b7d1f4c-0000-4111-8222-933344455566", null, "5d7c0b52-0000-4000-8000-000000000001",
        new DateTimeOffset(2026, 11, 20, 10, 0, 0, TimeSpan.Zero), "+12065550101", "+12065550100"));

    [Fact]
    public void A_web_call_has_no_ends()
    {
        var call = Reads.Facts("end-of-call-report-web-call").Call.ShouldNotBeNull();

        call.Type.ShouldBe("webCall");
        call.Customer.ShouldBeNull();
        call.Line.ShouldBeNull();
    }

    [Fact]
    public void A_caller_without_a_number_has_an_address() =>
        Reads.Message("hang", """ "customer":{"sipUri":"sip:ona@example.com"} """).ToStore!.Event.Facts.Call!.Customer.ShouldBe("sip:ona@example.com");

    [Theory]
    [InlineData("status-update-in-progress", "in-progress", null)]
    [InlineData("status-update-forwarding", "forwarding", null)]
    [InlineData("status-update-ended", "ended", "customer-ended-call")]
    [InlineData("end-of-call-report-full", null, "customer-ended-call")]
    [InlineData("hang-of-call", null, null)]
    public void The_status_is_that_of_the_message_and_never_the_calls_stale_one(string sample, string? status, string? endedReason)
    {
        var facts = Reads.Facts(sample);

        (facts.Status, facts.EndedReason).ShouldBe((status, endedReason));
    }

    [Fact]
    public void A_forwarding_says_where_to_and_what_was_said_before()
    {
        var facts = Reads.Facts("status-update-forwarding");

        facts.Transfer.ShouldBe(new TransferFact("number", "+12065550199", At: SentAt));
        facts.Conversation!.Count.ShouldBe(3);
    }

    [Fact]
    public void A_call_that_never_found_an_assistant_says_why() =>
        Reads.Facts("status-update-assistant-request-failed").Detail.ShouldBe("The server did not answer in time.");

    [Fact]
    public void The_assistant_is_the_one_that_is_active_from_here_on()
    {
        Reads.Facts("hang-of-call").Assistant.ShouldBe(new AssistantFact("2b7d1f4c-0000-4111-8222-933344455566", "Front desk"));
        Reads.Facts("assistant-started").Assistant.ShouldBe(new AssistantFact(null, "Dispatch", 900));
        Reads.Facts("transfer-update-assistant").Assistant.ShouldBe(new AssistantFact("2b7d1f4c-0000-4111-8222-933344455599", "Dispatch", 900));
        Reads.Facts("transfer-update-number").Assistant.ShouldBeNull();
        Reads.Facts("transcript-final-literal-type").Assistant.ShouldBe(new AssistantFact("2b7d1f4c-0000-4111-8222-933344455599", "Dispatch"));
        Reads.Message("hang", """ "assistant":{"id":"a7","name":"Desk","maxDurationSeconds":600} """).ToStore!.Event.Facts.Assistant.ShouldBe(new AssistantFact("a7", "Desk", 600));
    }

    [Fact]
    public void In_a_squad_the_calls_own_assistant_may_long_have_handed_over()
    {
        var body = System.Text.Encoding.UTF8.GetBytes("""{"message":{"type":"hang","call":{"id":"c","assistantId":"first","squadId":"s"},"assistant":{"name":"Second"}}}""");

        Reads.Bytes(body)!.ToStore!.Event.Facts.Assistant.ShouldBe(new AssistantFact(null, "Second"));
    }

    [Fact]
    public void A_final_transcript_is_one_utterance_and_is_also_seen_live()
    {
        var read = Reads.Sample("transcript-final-literal-type")!;

        read.ToStore!.Event.Facts.Utterance.ShouldBe(new Utterance("assistant", "Booked for Thursday."));
        read.Live.ShouldBe(new LiveMoment(Reads.CallId, "transcript[transcriptType=\"final\"]", SentAt, "assistant", "Booked for Thursday."));
        Reads.Facts("transcript-final").Utterance!.Role.ShouldBe("user");
    }

    [Fact]
    public void A_conversation_has_its_turns_and_its_tools_without_prompts_and_arguments()
    {
        var facts = Reads.Facts("conversation-update");

        facts.Conversation.ShouldBe(
        [
            new Utterance("assistant", "Front desk, how can I help?", At(1763632800000), At(1763632802000)),
            new Utterance("user", "I'd like Thursday at half past two.", At(1763632804000), At(1763632806500)),
            new Utterance("assistant", "Booked for Thursday at half past two.", At(1763632808000), At(1763632810000)),
        ]);
        facts.Tools.ShouldBe([new ToolCallFact("call_8yQ2", "book_appointment", At(1763632807000), "Booked for 26 November at 14:30, reference B-1042.")]);
    }

    [Theory]
    [InlineData(""" "messages":[],"artifact":{"messages":[{"role":"bot","message":"Hi"},{"role":"user","message":"Hello"}]} """)]
    [InlineData(""" "messages":null,"conversation":[{"role":"assistant","content":"Hi"},{"role":"user","content":"Hello"}] """)]
    [InlineData(""" "messagesOpenAIFormatted":[{"role":"system","content":"No"},{"role":"assistant","content":[{"type":"text","text":"Hi"}]},{"role":"user","content":"Hello"}] """)]
    [InlineData(""" "artifact":{"messagesOpenAIFormatted":[{"content":"Hi","role":"assistant"},{"content":"Hello","role":"user"},{"content":"No","role":"system"}]} """)]
    [InlineData(""" "transcript":"AI: Hi\nUser: Hello\n" """)]
    [InlineData(""" "artifact":{"transcript":"Bot: Hi\nCustomer: Hello"} """)]
    public void A_conversation_is_found_in_whichever_copy_has_it(string members) =>
        Reads.Message("conversation-update", members).ToStore!.Event.Facts.Conversation!.Select(u => (u.Role, u.Text)).ShouldBe([("assistant", "Hi"), ("user", "Hello")]);

    [Fact]
    public void OpenAIs_shape_of_tool_calls_is_read()
    {
        var facts = Reads.Message("conversation-update", """
            "messagesOpenAIFormatted":[{"role":"assistant","content":null,"tool_calls":[{"id":"t1","type":"function","function":{"name":"track","arguments":"{}"}}]},
            {"role":"tool","tool_call_id":"t1","content":"On its way."},{"role":"tool","tool_call_id":"t2","name":"other","content":"Done."}]
            """).ToStore!.Event.Facts;

        facts.Conversation.ShouldBeNull();
        facts.Tools.ShouldBe([new ToolCallFact("t1", "track", null, "On its way."), new ToolCallFact("t2", "other", null, "Done.")]);
    }

    [Fact]
    public void A_transfer_says_from_whom_to_whom()
    {
        Reads.Facts("transfer-update-number").Transfer.ShouldBe(new TransferFact("number", "+12065550199", At: SentAt));
        Reads.Facts("transfer-update-assistant").Transfer.ShouldBe(new TransferFact("assistant", "Dispatch", "Front desk", "Dispatch", SentAt));
        Reads.Facts("phone-call-control-forward").Transfer.ShouldBe(new TransferFact("sip", "sip:desk@example.com", At: SentAt));
        Reads.Message("transfer-update", """ "destination":{"number":"+1"} """).ToStore!.Event.Facts.Transfer.ShouldBe(new TransferFact("number", "+1", At: SentAt));
        Reads.Message("transfer-update", """ "destination":{} """).ToStore!.Event.Facts.Transfer.ShouldBeNull();
    }

    [Theory]
    [InlineData("phone-call-control-forward", "forward")]
    [InlineData("phone-call-control-hang-up", "hang-up")]
    [InlineData("language-change-detected", "lt")]
    [InlineData("language-changed", "es")]
    [InlineData("call-artifact-upload", "recording-mono, log")]
    [InlineData("user-interrupted", null)]
    public void A_word_on_the_kind_is_kept(string sample, string? detail) => Reads.Facts(sample).Detail.ShouldBe(detail);

    [Fact]
    public void A_conversation_that_is_not_kept_shows_its_newest_turn()
    {
        var read = Reads.Sample("conversation-update", new ContentPolicy { StoreConversationUpdates = false })!;

        read.ToStore.ShouldBeNull();
        read.Live.ShouldBe(new LiveMoment(Reads.CallId, "conversation-update", SentAt, "assistant", "Booked for Thursday at half past two."));
    }

    [Fact]
    public void The_control_address_goes_its_own_way_until_the_call_is_over()
    {
        Reads.Sample("hang-of-call")!.ToStore!.ControlUrl!.Value.Reveal().ShouldBe("https://cell-1.example.com/0d9c3f8e/control");
        Reads.Sample("status-update-ended")!.ToStore!.ControlUrl.ShouldBeNull();
        Reads.Sample("end-of-call-report-full")!.ToStore!.ControlUrl.ShouldBeNull();
        Reads.Sample("call-deleted")!.ToStore!.ControlUrl.ShouldBeNull();
    }

    [Fact]
    public void Nothing_personal_prints()
    {
        var read = Reads.Sample("end-of-call-report-full")!;

        string.Join(' ', read, read.ToStore, read.ToStore!.Event, read.ToStore.Event.Facts, Reads.Sample("voice-input")!.Live).ShouldBe(
            $"Vapi Report of {Reads.CallId} Vapi Report of {Reads.CallId} Vapi Report of {Reads.CallId} CallFacts voice-input of {Reads.CallId}");
    }

    private static DateTimeOffset At(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
}
