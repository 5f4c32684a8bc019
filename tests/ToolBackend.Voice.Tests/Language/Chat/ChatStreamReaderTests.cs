using System.Text;
using ToolBackend.Voice.Language;
using ToolBackend.Voice.Language.Chat;
using ToolBackend.Voice.Providers;

namespace ToolBackend.Voice.Tests.Language.Chat;

/// <summary>Forms of events beyond those that the simulator sends.</summary>
public sealed class ChatStreamReaderTests
{
    private readonly ChatStreamReader _reader = new(ChatVendor.Groq);

    private string? Read(string data, string type = "message") => _reader.Read(type, Encoding.UTF8.GetBytes(data));

    private static string Delta(string delta, string reason = "null") => $$"""{"choices":[{"index":0,"delta":{{delta}},"finish_reason":{{reason}}}]}""";

    private static string Call(string call) => Delta($$"""{"tool_calls":[{{call}}]}""");

    private List<ModelOutput> End()
    {
        Read("[DONE]");
        return [.. _reader.Complete()];
    }

    [Theory]
    [InlineData("""{"choices":[]}""")]
    [InlineData("""{"choices":null,"usage":null,"error":null,"x_groq":{"error":null}}""")]
    [InlineData("""{"choices":[{"delta":{"content":null}}]}""")]
    [InlineData("""{"choices":[{"delta":{"content":""}}]}""")]
    [InlineData("""{"choices":[{"delta":{"content":7,"tool_calls":"x"}}]}""")]
    [InlineData("""{"choices":[{"delta":null,"logprobs":{"content":[{"token":"x"}]},"seed":15924764223251450000}]}""")]
    [InlineData("""{"choices":[{"delta":{"reasoning":"hm","channel":"analysis"}}]}""")]
    [InlineData("""{"choices":[{"delta":{"reasoning_content":"hm"}}]}""")]
    [InlineData("""{"choices":[7,"x",[]]}""")]
    [InlineData("{}")]
    public void An_event_without_text_says_nothing(string data) => Read(data).ShouldBeNull();

    [Theory]
    [InlineData("stop", "stop")]
    [InlineData("eos", "stop")]
    [InlineData("length", "length")]
    [InlineData("content_filter", "content_filter")]
    [InlineData("something_new", "stop")]
    public void Words_for_the_end_are_mapped(string vendors, string ours)
    {
        Read(Delta("""{"content":"Hi"}""")).ShouldBe("Hi");
        Read(Delta("{}", $"\"{vendors}\""));
        Read(Delta("{}", "\"\""));
        End().OfType<ModelOutput.End>().Single().Reason.ShouldBe(ours);
    }

    [Fact]
    public void A_stream_that_says_neither_end_nor_reason_was_cut()
    {
        Read(Delta("""{"content":"Hi"}"""));
        Should.Throw<ProviderException>(() => _reader.Complete()).Fault.ShouldBe(ProviderFault.ServerError);
    }

    [Fact]
    public void Whole_calls_that_all_have_the_number_0_stay_apart()
    {
        Read(Call("""{"index":0,"id":"a","function":{"name":"f","arguments":"{}"}}"""));
        Read(Call("""{"index":0,"id":"b","function":{"name":"f","arguments":"{}"}}"""));
        End().Calls().Select(call => call.Id).ShouldBe(["a", "b"]);
    }

    [Fact]
    public void Calls_without_number_or_id_are_kept_and_get_an_id()
    {
        Read(Call("""{"function":{"name":"f","arguments":"{\"a\""}}"""));
        Read(Call("""{"function":{"arguments":":1}"}}"""));
        var call = End().Calls().Single();
        call.Arguments.ShouldBe("""{"a":1}""");
        call.Id.ShouldNotBeEmpty();
    }

    [Fact]
    public void An_id_that_comes_twice_is_given_to_one_call_only()
    {
        Read(Call("""{"index":0,"id":"a","function":{"name":"f","arguments":"{}"}}"""));
        Read(Call("""{"index":1,"id":"a","function":{"name":"g","arguments":"{}"}}"""));
        End().Calls().Select(call => call.Id).Distinct(StringComparer.Ordinal).Count().ShouldBe(2);
    }

    [Theory]
    [InlineData("""{"error":{"message":"m","type":"invalid_request_error","code":"tool_use_failed"}}""", ProviderFault.Rejected, "tool_use_failed")]
    [InlineData("""{"error":{"message":"m","type":"tokens","code":"rate_limit_exceeded"}}""", ProviderFault.RateLimited, "rate_limit_exceeded")]
    [InlineData("""{"error":{"message":"m","code":503}}""", ProviderFault.ServerError, "503")]
    [InlineData("""{"error":{"message":"m","code":"401"}}""", ProviderFault.Authentication, "401")]
    [InlineData("""{"error":"broken"}""", ProviderFault.ServerError, "error_in_stream")]
    [InlineData("""{"x_groq":{"error":"over capacity"}}""", ProviderFault.ServerError, "stopped_early")]
    [InlineData("""{"error":{"code":"the caller said: my number is 5"}}""", ProviderFault.ServerError, "error_in_stream")]
    public void Errors_in_a_stream_have_their_meaning_and_no_words_of_the_call(string data, ProviderFault fault, string code)
    {
        var failure = Should.Throw<ProviderException>(() => Read(data));
        (failure.Fault, failure.Code).ShouldBe((fault, code));
    }

    [Fact]
    public void An_error_event_without_an_error_is_one() => Should.Throw<ProviderException>(() => Read("{}", "error")).Fault.ShouldBe(ProviderFault.ServerError);

    [Fact]
    public void A_lone_surrogate_is_no_text_of_this_protocol() => Should.Throw<ProviderException>(() => Read("""{"choices":[{"delta":{"content":"\ud800"}}]}""")).Fault.ShouldBe(ProviderFault.Protocol);

    [Fact]
    public void Calls_without_end_are_refused() => Should.Throw<ProviderException>(() =>
    {
        for (var i = 0; i < 100_000; i++)
        {
            Read(Call($$$"""{"index":{{{i}}},"function":{"name":"f"}}"""));
        }
    }).Code.ShouldBe("too_many_tool_calls");
}
