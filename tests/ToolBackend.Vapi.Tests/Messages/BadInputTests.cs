using System.Text;
using ToolBackend.Vapi.Messages;

namespace ToolBackend.Vapi.Tests.Messages;

public class BadInputTests
{
    private static string Nested(int depth) => $$$$"""{"message":{"type":"hang","x":{{{{new string('[', depth)}}}}{{{{new string(']', depth)}}}}}}""";

    private static string WithCallId(int length) => $$$$"""{"message":{"type":"hang","call":{"id":"{{{{new string('a', length)}}}}"}}}""";

    [Fact]
    public void B5_an_empty_body_is_refused() => Samples.Refusal(string.Empty).ShouldBe(MalformedReason.Empty);

    [Theory]
    [InlineData("{")]
    [InlineData("\0")]
    [InlineData("x")]
    [InlineData(" ")]
    [InlineData("{\"message\":{\"type\":\"hang\"}")]
    [InlineData("{\"message\":{\"type\":\"hang\"}}}")]
    [InlineData("{\"message\":{\"type\":\"hang\"}} {}")]
    [InlineData("{\"message\":{\"type\":\"hang\",}}")]
    [InlineData("{\"message\":{\"type\":\"hang\" \"x\":{}}}")]
    [InlineData("{\"message\":{\"type\":\"hang\",\"x\":{\"y\":\"}}")]
    [InlineData("{\"message\":{\"type\":\"hang\",\"x\" {}}}")]
    [InlineData("{\"message\":{\"type\":\"hang\",\"x\":{} 7}}")]
    [InlineData("{\"message\":{\"type\":\"tool-calls\",\"toolCallList\":[{]}}")]
    [InlineData("/* */{\"message\":{\"type\":\"hang\"}}")]
    public void B5_text_that_is_not_JSON_is_refused(string json) => Samples.Refusal(json).ShouldBe(MalformedReason.InvalidJson);

    [Fact]
    public void B5_a_byte_order_mark_is_refused() =>
        Samples.Refusal([0xEF, 0xBB, 0xBF, .. "{\"message\":{\"type\":\"hang\"}}"u8]).ShouldBe(MalformedReason.ByteOrderMark);

    [Fact]
    public void B5_invalid_UTF8_anywhere_is_refused() =>
        Samples.Refusal([.. "{\"message\":{\"type\":\"hang\",\"artifact\":{\"x\":\""u8, 0xC3, 0x28, .. "\"}}}"u8]).ShouldBe(MalformedReason.InvalidUtf8);

    [Fact]
    public void B5_NUL_in_a_string_is_a_character() =>
        Samples.ReadText("""{"message":{"type":"hang","call":{"id":"a\u0000b"}}}""").Call!.Id.ShouldBe("a\0b");

    [Fact]
    public void B5_depth_up_to_64_is_accepted_and_no_more()
    {
        Samples.Refusal(Nested(62)).ShouldBe(MalformedReason.None);
        Samples.Refusal(Nested(63)).ShouldBe(MalformedReason.InvalidJson);
        Samples.Refusal(Nested(10_000)).ShouldBe(MalformedReason.InvalidJson);
        Samples.Refusal(new string('[', 10_000)).ShouldBe(MalformedReason.NotAnObject);
    }

    [Fact]
    public void B5_a_string_that_is_read_has_at_most_64_KB()
    {
        Samples.Refusal(WithCallId(VapiMessageReader.MaxStringBytes)).ShouldBe(MalformedReason.None);
        Samples.Refusal(WithCallId(VapiMessageReader.MaxStringBytes + 1)).ShouldBe(MalformedReason.StringTooLong);
    }

    [Fact]
    public void B5_a_huge_string_that_is_not_read_costs_no_memory()
    {
        var body = Encoding.UTF8.GetBytes($$$$"""{"message":{"x":"{{{{new string('a', 5_000_000)}}}}","y":["{{{{new string('b', 5_000_000)}}}}"],"type":"hang"}}""");
        VapiMessageReader.Read(body);

        var before = GC.GetAllocatedBytesForCurrentThread();
        VapiMessageReader.Read(body).Kind.ShouldBe(VapiMessageKind.Hang);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(4096);
    }

    [Theory]
    [InlineData("\"{}\"")]
    [InlineData("{}")]
    public void B5_arguments_over_64_KB_are_an_error_of_their_call(string shape)
    {
        var inner = new string(' ', VapiMessageReader.MaxStringBytes);
        var arguments = shape.Replace("{", "{" + inner);
        var call = Samples.ToolCalls("[{\"id\":\"a\",\"function\":{\"name\":\"n\",\"arguments\":" + arguments + "}}]").ToolCalls.Single();

        call.ArgumentError.ShouldBe(ArgumentError.TooLong);
        call.Id.ShouldBe("a");
    }

    [Fact]
    public void B5_more_than_100_tool_calls_are_refused()
    {
        string Items(int count) => string.Join(',', Enumerable.Range(0, count).Select(i => $"{{\"id\":\"{i}\"}}"));
        string List(int count) => $$$$"""{"message":{"type":"tool-calls","toolCallList":[{{{{Items(count)}}}}]}}""";

        Samples.Refusal(List(100)).ShouldBe(MalformedReason.None);
        Samples.Refusal(List(101)).ShouldBe(MalformedReason.TooManyToolCalls);
    }

    [Theory]
    [InlineData("null", MalformedReason.NotAnObject)]
    [InlineData("[]", MalformedReason.NotAnObject)]
    [InlineData("\"message\"", MalformedReason.NotAnObject)]
    [InlineData("{}", MalformedReason.MissingMessage)]
    [InlineData("""{"message":null}""", MalformedReason.MissingMessage)]
    [InlineData("""{"message":[]}""", MalformedReason.MissingMessage)]
    [InlineData("""{"message":"hang"}""", MalformedReason.MissingMessage)]
    [InlineData("""{"message":{}}""", MalformedReason.MissingType)]
    [InlineData("""{"message":{"type":null}}""", MalformedReason.MissingType)]
    [InlineData("""{"message":{"type":7}}""", MalformedReason.MissingType)]
    [InlineData("""{"message":{"type":{"type":"hang"}}}""", MalformedReason.MissingType)]
    [InlineData("""{"message":{"type":"\ud800"}}""", MalformedReason.InvalidText)]
    public void B6_a_body_that_is_no_message_is_refused(string json, MalformedReason reason) => Samples.Refusal(json).ShouldBe(reason);

    [Theory]
    [InlineData("null")]
    [InlineData("true")]
    [InlineData("-1")]
    [InlineData("1e999")]
    [InlineData("9007199254740993")]
    [InlineData("\"text\"")]
    [InlineData("\"0000-00-00\"")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("[{\"number\":[]}]")]
    [InlineData("{\"id\":1,\"number\":{},\"customer\":[],\"monitor\":7,\"name\":false}")]
    public void B6_a_known_member_of_a_wrong_type_counts_as_absent(string value)
    {
        foreach (var type in new[] { "tool-calls", "function-call", "status-update", "transfer-destination-request" })
        {
            foreach (var member in new[] { "call", "customer", "phoneNumber", "assistant", "toolCalls", "toolCallList", "toolWithToolCallList", "functionCall", "parameters", "timestamp" })
            {
                var message = Samples.ReadText($$$$"""{"message":{"{{{{member}}}}":{{{{value}}}},"type":"{{{{type}}}}","call2":0}}""");

                message.Type.ShouldBe(type);
                message.CustomerNumber.ShouldBeNull();
                message.Call?.Id.ShouldBeNull();
                message.AssistantName.ShouldBeNull();
            }
        }
    }

    [Theory]
    [InlineData("-62135596800000", 1)]
    [InlineData("253402300799999", 9999)]
    [InlineData("1763632810123.75", 2025)]
    [InlineData("\"0001-01-01T00:00:00Z\"", 1)]
    [InlineData("253402300800000", null)]
    [InlineData("-1e300", null)]
    [InlineData("\"yesterday\"", null)]
    public void B6_a_timestamp_outside_of_the_calendar_counts_as_absent(string timestamp, int? year) =>
        (Samples.ReadText($$$$"""{"message":{"type":"hang","timestamp":{{{{timestamp}}}}}}""").Timestamp?.Year).ShouldBe(year);

    [Fact]
    public void B6_emoji_and_right_to_left_names_survive()
    {
        var message = Samples.ReadText("""{"message":{"type":"hang","assistant":{"name":"\u05d3\u05dc\u05e4\u05e7 🚀 \ud83d\ude80"}}}""");

        message.AssistantName.ShouldBe("דלפק 🚀 🚀");
    }
}
