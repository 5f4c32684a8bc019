using ToolBackend.Core.Calls.Events;
using ToolBackend.Vapi.Calls;

namespace ToolBackend.Vapi.Tests.Calls;

public class EventKindTests
{
    private static readonly ContentPolicy KeepAll = new() { StoreHighFrequency = true };

    [Theory]
    [InlineData("status-update-in-progress", CallEventKind.Status)]
    [InlineData("status-update-forwarding", CallEventKind.Status)]
    [InlineData("status-update-ended", CallEventKind.Status)]
    [InlineData("status-update-assistant-request-failed", CallEventKind.Status)]
    [InlineData("end-of-call-report", CallEventKind.Report)]
    [InlineData("end-of-call-report-full", CallEventKind.Report)]
    [InlineData("end-of-call-report-web-call", CallEventKind.Report)]
    [InlineData("assistant-started", CallEventKind.AssistantStarted)]
    [InlineData("transcript-final", CallEventKind.Transcript)]
    [InlineData("transcript-final-literal-type", CallEventKind.Transcript)]
    [InlineData("conversation-update", CallEventKind.Conversation)]
    [InlineData("tool-calls-parallel", CallEventKind.ToolCalls)]
    [InlineData("function-call", CallEventKind.ToolCalls)]
    [InlineData("transfer-update-number", CallEventKind.Transfer)]
    [InlineData("transfer-update-assistant", CallEventKind.Transfer)]
    [InlineData("user-interrupted", CallEventKind.Interruption)]
    [InlineData("hang-of-call", CallEventKind.Hang)]
    [InlineData("assistant-request", CallEventKind.AssistantRequest)]
    [InlineData("transfer-destination-request", CallEventKind.DestinationRequest)]
    [InlineData("handoff-destination-request", CallEventKind.DestinationRequest)]
    [InlineData("phone-call-control-forward", CallEventKind.Control)]
    [InlineData("phone-call-control-hang-up", CallEventKind.Control)]
    [InlineData("call-deleted", CallEventKind.Deleted)]
    [InlineData("call-delete-failed", CallEventKind.Other)]
    [InlineData("call-artifact-upload", CallEventKind.Artifact)]
    [InlineData("language-change-detected", CallEventKind.Language)]
    [InlineData("language-changed", CallEventKind.Language)]
    [InlineData("unknown-type", CallEventKind.Other)]
    public void A_message_that_says_something_lasting_is_stored(string sample, CallEventKind kind)
    {
        var read = Reads.Sample(sample).ShouldNotBeNull();

        read.Flaw.ShouldBe(BodyFlaw.None);
        var stored = read.ToStore.ShouldNotBeNull();
        stored.Event.Kind.ShouldBe(kind);
        stored.Event.CallRef.ShouldBe(Reads.CallId);
        stored.Event.Source.ShouldBe(CallEventSource.Vapi);
        stored.Event.ReceivedAt.ShouldBe(Reads.ReceivedAt);
        stored.Event.MessageId.ShouldNotBe(Guid.Empty);
        stored.Body.ShouldNotBeNull();
        CallFacts.Parse(Reads.Text(stored.Event.Facts.ToJson())!).ToJson().ShouldBe(stored.Event.Facts.ToJson());
    }

    [Theory]
    [InlineData("transcript-partial-of-call", "user", "I would like to")]
    [InlineData("speech-update", "user", "started")]
    [InlineData("model-output", "assistant", "Sure")]
    [InlineData("model-output-tool-call", "assistant", null)]
    [InlineData("voice-input", "assistant", "Sure, let me check.")]
    [InlineData("assistant-speech-started", "assistant", "Front desk, how can I")]
    [InlineData("knowledge-base-request", null, null)]
    [InlineData("voice-request", null, null)]
    [InlineData("call-endpointing-request", null, null)]
    public void What_comes_many_times_a_second_is_only_seen_live_unless_asked_for(string sample, string? role, string? text)
    {
        var read = Reads.Sample(sample).ShouldNotBeNull();
        read.ToStore.ShouldBeNull();
        var live = read.Live.ShouldNotBeNull();
        live.CallRef.ShouldBe(Reads.CallId);
        live.At.ShouldBe(DateTimeOffset.FromUnixTimeMilliseconds(1763632810123));
        (live.Role, live.Text).ShouldBe((role, text));

        var kept = Reads.Sample(sample, KeepAll)!;
        kept.Live.ShouldBe(live);
        kept.ToStore!.Event.Kind.ShouldBe(CallEventKind.Other);
        kept.ToStore.Event.Facts.Utterance.ShouldBeNull();
        kept.ToStore.Body.ShouldNotBeNull();
    }

    [Theory]
    [InlineData("chat-created")]
    [InlineData("chat-deleted")]
    [InlineData("session-created")]
    [InlineData("session-updated")]
    [InlineData("session-deleted")]
    [InlineData("campaign-predial")]
    [InlineData("transcript-partial")]
    public void A_message_of_no_call_is_no_event(string sample) => Reads.Sample(sample, KeepAll).ShouldBeNull();

    [Theory]
    [InlineData("""{"message":{"type":"hang","call":{"id":""}}}""")]
    [InlineData("""{"message":{"type":"hang","call":{"id":"  "}}}""")]
    [InlineData("""{"message":{"type":"hang","call":{"id":"a\u0000b"}}}""")]
    [InlineData("""{"message":{"type":"hang","call":{"id":7}}}""")]
    [InlineData("""{"message":{"type":"hang","call":[]}}""")]
    public void An_id_that_no_store_would_take_is_none(string json) => Reads.Bytes(System.Text.Encoding.UTF8.GetBytes(json)).ShouldBeNull();

    [Fact]
    public void Ids_and_types_are_cut_to_what_the_store_takes()
    {
        Reads.Bytes(System.Text.Encoding.UTF8.GetBytes($$$$"""{"message":{"type":"hang","call":{"id":"{{{{new string('a', 129)}}}}"}}}""")).ShouldBeNull();
        Reads.Message(new string('t', 500), "\"x\":1").ToStore!.Event.Type.Length.ShouldBe(128);
        Reads.Message(new string('t', 127) + "🚀", "\"x\":1").ToStore!.Event.Type.ShouldBe(new string('t', 127));
        Reads.Message("", "\"x\":1").ToStore!.Event.Type.ShouldBe("unknown");
        Reads.Sample("hang-of-call")!.ToStore!.Event.ProviderCallId.ShouldBe("CA0123456789abcdef0123456789abcdef");
    }

    [Theory]
    [InlineData("1763632810123", "2025-11-20T10:00:10.123Z")]
    [InlineData("1763632810", "2025-11-20T10:00:10Z")]
    [InlineData("\"2025-11-20T12:00:10.123+02:00\"", "2025-11-20T10:00:10.123Z")]
    [InlineData("\"2025-11-20T10:00:10\"", "2025-11-20T10:00:10Z")]
    [InlineData("-5", null)]
    [InlineData("\"0001-01-01T00:00:00Z\"", null)]
    [InlineData("\"9999-12-31T23:59:59.9999999Z\"", null)]
    [InlineData("null", null)]
    public void The_time_is_the_senders_in_any_of_its_forms_else_that_of_receipt(string timestamp, string? sentAt)
    {
        var body = System.Text.Encoding.UTF8.GetBytes($$$$"""{"message":{"type":"hang","timestamp":{{{{timestamp}}}},"call":{"id":"c"}}}""");

        Reads.Bytes(body)!.ToStore!.Event.SentAt.ShouldBe(sentAt is null ? Reads.ReceivedAt : DateTimeOffset.Parse(sentAt, System.Globalization.CultureInfo.InvariantCulture));
    }
}
