using ToolBackend.Vapi.Messages;

namespace ToolBackend.Vapi.Tests.Messages;

public class VapiMessageReaderTests
{
    [Fact]
    public void The_context_of_a_call_is_read()
    {
        var message = Samples.Read("tool-calls-object-arguments.json");

        message.Timestamp.ShouldBe(DateTimeOffset.FromUnixTimeMilliseconds(1763632810123));
        message.CustomerNumber.ShouldBe("+12065550101");
        message.AssistantName.ShouldBe("Front desk");
        message.PhoneNumber!.Number.ShouldBe("+12065550100");
        message.PhoneNumber.Id.ShouldBe("5d7c0b52-0000-4000-8000-000000000001");
        var call = message.Call.ShouldNotBeNull();
        call.Id.ShouldBe("0d9c3f8e-7b1a-4c51-9d0e-2f6f1c7a9b10");
        call.Type.ShouldBe("inboundPhoneCall");
        call.AssistantId.ShouldBe("2b7d1f4c-0000-4111-8222-933344455566");
        call.SquadId.ShouldBeNull();
        call.OrgId.ShouldBe("6a1e2b90-1111-4222-8333-944455566677");
        call.PhoneNumberId.ShouldBe("5d7c0b52-0000-4000-8000-000000000001");
        call.PhoneCallProviderId.ShouldBe("CA0123456789abcdef0123456789abcdef");
        call.ControlUrl!.Value.Reveal().ShouldBe("https://cell-1.example.com/0d9c3f8e/control");
    }

    [Fact]
    public void Nothing_personal_prints()
    {
        var message = Samples.Read("tool-calls-object-arguments.json");
        var printed = string.Join(' ', message, message.Call, message.PhoneNumber, message.Call!.ControlUrl, message.ToolCalls[0]);

        printed.ShouldNotContain("+1206");
        printed.ShouldNotContain("cell-1");
        printed.ShouldNotContain("14:30");
    }

    [Fact]
    public void A_web_call_has_no_customer_and_no_phone_number()
    {
        var message = Samples.Read("tool-calls-web-call.json");

        message.CustomerNumber.ShouldBeNull();
        message.PhoneNumber.ShouldBeNull();
        message.Call!.Type.ShouldBe("webCall");
    }

    [Fact]
    public void The_customer_of_the_call_counts_before_the_customer_of_the_message()
    {
        const string both = """{"message":{"type":"hang","customer":{"number":"+12065550102"},"call":{"customer":{"number":"+12065550101"}}}}""";

        Samples.ReadText(both).CustomerNumber.ShouldBe("+12065550101");
        Samples.ReadText(both.Replace("\"+12065550101\"", "null")).CustomerNumber.ShouldBe("+12065550102");
    }

    [Fact]
    public void An_ISO_timestamp_of_old_captures_is_read() =>
        Samples.Read("tool-calls-old-list-only.json").Timestamp.ShouldBe(new DateTimeOffset(2025, 11, 20, 10, 0, 10, 123, TimeSpan.Zero));

    [Theory]
    [InlineData("assistant-request.json", VapiMessageKind.AssistantRequest)]
    [InlineData("transfer-destination-request.json", VapiMessageKind.TransferDestinationRequest)]
    [InlineData("handoff-destination-request.json", VapiMessageKind.HandoffDestinationRequest)]
    [InlineData("function-call.json", VapiMessageKind.FunctionCall)]
    [InlineData("status-update-in-progress.json", VapiMessageKind.StatusUpdate)]
    [InlineData("end-of-call-report.json", VapiMessageKind.EndOfCallReport)]
    [InlineData("transcript-final.json", VapiMessageKind.Transcript)]
    [InlineData("transcript-partial.json", VapiMessageKind.Transcript)]
    [InlineData("hang.json", VapiMessageKind.Hang)]
    public void The_kind_of_a_recorded_message_is_known(string sample, VapiMessageKind kind) => Samples.Read(sample).Kind.ShouldBe(kind);

    [Fact]
    public void An_unknown_type_is_a_message_like_any_other()
    {
        var message = Samples.ReadText("""{"message":{"type":"brand.new","call":{"id":"c"}}}""");

        message.Kind.ShouldBe(VapiMessageKind.Unknown);
        message.Type.ShouldBe("brand.new");
        message.Call!.Id.ShouldBe("c");
    }

    [Fact]
    public void Status_ended_reason_and_parameters_are_read()
    {
        var ended = Samples.Read("status-update-ended.json");
        ended.Status.ShouldBe("ended");
        ended.EndedReason.ShouldBe("customer-ended-call");
        Samples.Read("transfer-destination-request.json").Parameters.Json()["department"]!.GetValue<string>().ShouldBe("billing");
        Samples.Read("handoff-destination-request.json").Parameters.Json()["reason"]!.GetValue<string>().ShouldBe("billing");
        ended.Parameters.IsEmpty.ShouldBeTrue();
    }

    [Theory]
    [InlineData("""{"message":{"type":"hang","type":"hang"}}""")]
    [InlineData("""{"message":{"type":"hang"},"message":{"type":"hang"}}""")]
    [InlineData("""{"message":{"type":"hang","call":{"id":"a","id":"b"}}}""")]
    [InlineData("""{"message":{"type":"hang","call":{"customer":{"number":"a","number":"b"}}}}""")]
    [InlineData("""{"message":{"type":"hang","t\u0079pe":"hang"}}""")]
    [InlineData("""{"message":{"type":"tool-calls","toolCallList":[{"id":"a","id":"b"}]}}""")]
    [InlineData("""{"message":{"type":"tool-calls","toolCallList":[{"function":{"name":"a","name":"b"}}]}}""")]
    public void A_duplicate_of_a_member_that_is_read_is_refused(string json) => Samples.Refusal(json).ShouldBe(MalformedReason.DuplicateMember);

    [Fact]
    public void A_duplicate_of_a_member_that_is_not_read_is_passed_over() =>
        Samples.Refusal("""{"message":{"type":"hang","x":1,"x":{"type":1,"type":2}}}""").ShouldBe(MalformedReason.None);

    [Theory]
    [InlineData(2000)]
    [InlineData(20_000)]
    [InlineData(200_000)]
    public void A_generated_message_reads_back_at_about_its_size(int size)
    {
        var bytes = SampleMessages.ToolCalls([new("call_1", "track_shipment", """{"trackingNumber":"TB1042"}""")], "call-1", "+12065550103", DateTimeOffset.UnixEpoch.AddDays(20_000), size);

        bytes.Length.ShouldBeInRange(size * 95 / 100, size * 105 / 100);
        var message = VapiMessageReader.Read(bytes);
        message.CustomerNumber.ShouldBe("+12065550103");
        message.AssistantName.ShouldBe("Front desk");
        message.Call!.Id.ShouldBe("call-1");
        message.ToolCalls.Single().Arguments.Json()["trackingNumber"]!.GetValue<string>().ShouldBe("TB1042");
    }
}
