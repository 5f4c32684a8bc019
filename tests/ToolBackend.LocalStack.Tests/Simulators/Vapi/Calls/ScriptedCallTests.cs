using System.Text;
using System.Text.Json.Nodes;
using ToolBackend.LocalStack.Simulators.Vapi.Calls;

namespace ToolBackend.LocalStack.Tests.Simulators.Vapi.Calls;

public class ScriptedCallTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 30, 9, 0, 0, TimeSpan.Zero);

    private static JsonObject Message(ScriptedMessage message) => JsonNode.Parse(message.Body)!["message"]!.AsObject();

    public static TheoryData<string> Scripts => [.. ReadyScripts.All.Keys];

    [Theory]
    [MemberData(nameof(Scripts))]
    public void The_same_script_and_start_give_the_same_bytes_and_another_seed_another_call(string name)
    {
        var first = ScriptedCall.Of(ReadyScripts.All[name](7), Start);
        var second = ScriptedCall.Of(ReadyScripts.All[name](7), Start);
        var other = ScriptedCall.Of(ReadyScripts.All[name](8), Start);

        second.Messages.Select(message => Convert.ToHexString(message.Body)).ShouldBe(first.Messages.Select(message => Convert.ToHexString(message.Body)));
        other.Id.ShouldNotBe(first.Id);
        other.CallSid.ShouldNotBe(first.CallSid);
    }

    [Theory]
    [MemberData(nameof(Scripts))]
    public void Messages_are_in_order_of_time_and_each_carries_its_time_and_its_call(string name)
    {
        var call = ScriptedCall.Of(ReadyScripts.All[name](3), Start);

        call.Messages.Select(message => message.At).ShouldBeInOrder();
        foreach (var message in call.Messages)
        {
            var json = Message(message);
            json["type"]!.GetValue<string>().ShouldBe(message.Type);
            json["timestamp"]!.GetValue<long>().ShouldBe((Start + message.At).ToUnixTimeMilliseconds());
            json["call"]!["id"]!.GetValue<string>().ShouldBe(call.Id);
            json["call"]!["status"]!.GetValue<string>().ShouldBeOneOf("ringing", "queued");
        }
    }

    [Fact]
    public void One_script_has_every_type_of_message_that_there_is()
    {
        var types = ScriptedCall.Of(ReadyScripts.Everything(0), Start).Messages.Select(message => message.Type).ToHashSet();

        var missing = ServerMessageTypes.Subscribable.Concat(ServerMessageTypes.AlwaysSent).Except(types);
        missing.ShouldBe([ServerMessageTypes.FinalTranscript], "it is sent instead of transcript where only it is asked for");
        ScriptedCall.Of(ReadyScripts.Parcel(0), Start).Messages.ShouldContain(message => message.Type == ServerMessageTypes.FinalTranscript);
    }

    [Fact]
    public void Only_what_the_assistant_asks_for_is_sent()
    {
        var call = ScriptedCall.Of(ReadyScripts.Everything(0) with { ServerMessages = ["status-update"] }, Start);

        call.Messages.Select(message => message.Type).Except(ServerMessageTypes.AlwaysSent).Distinct().ShouldBe(["status-update"]);
    }

    [Theory]
    [InlineData(4_000)]
    [InlineData(20_000)]
    [InlineData(200_000)]
    public void Bodies_have_about_the_size_that_the_script_asks_for(int bytes)
    {
        var call = ScriptedCall.Of(ReadyScripts.Parcel(0) with { BodyBytes = bytes }, Start);

        call.Messages[0].Body.Length.ShouldBeInRange(bytes * 8 / 10, bytes * 13 / 10);
    }

    [Fact]
    public void The_smallest_messages_have_a_few_thousand_bytes() =>
        ScriptedCall.Of(ReadyScripts.WebCall(0) with { BodyBytes = 0, Assistant = ScriptedAssistant.Receptionist with { Tools = [] } }, Start)
            .Messages.Min(message => message.Body.Length).ShouldBeInRange(1_000, 2_500);

    [Fact]
    public void Messages_carry_the_secrets_that_real_ones_carry()
    {
        var text = string.Concat(ScriptedCall.Of(ReadyScripts.Booking(0), Start).Messages.Select(message => Encoding.UTF8.GetString(message.Body)));

        foreach (var secret in ScriptSecrets.All)
        {
            text.ShouldContain(secret);
        }
    }

    [Fact]
    public void A_web_call_has_no_customer_and_no_phone_number()
    {
        var call = ScriptedCall.Of(ReadyScripts.WebCall(0), Start);

        foreach (var json in call.Messages.Select(Message))
        {
            json.ContainsKey("customer").ShouldBeFalse();
            json.ContainsKey("phoneNumber").ShouldBeFalse();
            json["call"]!.AsObject().ContainsKey("phoneCallProviderId").ShouldBeFalse();
        }
    }

    [Fact]
    public void A_tool_call_is_in_three_lists_with_arguments_as_an_object_and_in_the_history_as_text()
    {
        var call = ScriptedCall.Of(ReadyScripts.Parcel(0), Start);
        var json = Message(call.Messages.First(message => message.Type == "tool-calls"));

        var ids = json["toolCallList"]!.AsArray().Select(item => item!["id"]!.GetValue<string>()).ToArray();
        ids.Length.ShouldBe(2);
        json["toolCalls"]!.AsArray().Select(item => item!["id"]!.GetValue<string>()).ShouldBe(ids);
        json["toolWithToolCallList"]!.AsArray().Select(item => item!["toolCall"]!["id"]!.GetValue<string>()).ShouldBe(ids);
        json["toolCallList"]![0]!["function"]!["arguments"].ShouldBeOfType<JsonObject>();
        json["artifact"]!["messages"]!.AsArray().Single(item => item!["role"]!.GetValue<string>() == "tool_calls")!["toolCalls"]![0]!["function"]!["arguments"]!
            .GetValue<string>().ShouldContain("trackingNumber");
    }

    [Fact]
    public void The_end_names_its_reason_and_the_report_repeats_it_with_costs_and_analysis()
    {
        var call = ScriptedCall.Of(ReadyScripts.Parcel(0), Start);
        var ended = Message(call.Messages.Single(message => message.Type == "status-update" && Message(message)["status"]!.GetValue<string>() == "ended"));
        var report = Message(call.Messages.Single(message => message.Type == "end-of-call-report"));

        ended["endedReason"]!.GetValue<string>().ShouldBe("assistant-ended-call");
        report["endedReason"]!.GetValue<string>().ShouldBe("assistant-ended-call");
        report["cost"]!.GetValue<decimal>().ShouldBe(report["costs"]!.AsArray().Sum(cost => cost!["cost"]!.GetValue<decimal>()));
        report["cost"]!.GetValue<decimal>().ShouldBePositive();
        report["analysis"]!["successEvaluation"]!.GetValue<bool>().ShouldBeTrue();
        report["transcript"]!.GetValue<string>().ShouldContain("User: Where is my parcel?");
        report["artifact"]!["performanceMetrics"]!["turnLatencies"]!.AsArray().Count.ShouldBe(3);
    }

    [Fact]
    public void A_call_that_nobody_answered_has_no_times()
    {
        var call = ScriptedCall.Of(ReadyScripts.NoAnswer(0), Start);
        var report = Message(call.Messages.Single(message => message.Type == "end-of-call-report"));

        report.ContainsKey("startedAt").ShouldBeFalse();
        report.ContainsKey("durationMs").ShouldBeFalse();
        report["analysis"]!.AsObject().Count.ShouldBe(0);
        call.FinalState().ContainsKey("startedAt").ShouldBeFalse();
    }

    [Fact]
    public void A_call_can_be_stretched_to_a_length()
    {
        var call = ScriptedCall.Of(ReadyScripts.WebCall(0) with { Length = TimeSpan.FromMinutes(30) }, Start);
        var ended = call.Messages.Single(message => message.Type == "status-update" && Message(message)["status"]!.GetValue<string>() == "ended");

        ended.At.ShouldBeInRange(TimeSpan.FromMinutes(29.9), TimeSpan.FromMinutes(30.1));
    }

    [Fact]
    public void The_final_state_knows_what_was_never_sent()
    {
        var call = ScriptedCall.Of(ReadyScripts.NeverEnds(0), Start);

        call.Messages.ShouldNotContain(message => message.Type == "end-of-call-report");
        var state = call.FinalState();
        state["status"]!.GetValue<string>().ShouldBe("ended");
        state["endedReason"]!.GetValue<string>().ShouldBe("customer-ended-call");
        state["analysis"]!["summary"]!.GetValue<string>().ShouldBe("Nobody was told that this call ended.");
        state["artifact"]!["messages"]!.AsArray().Count.ShouldBeGreaterThan(5);
    }
}
