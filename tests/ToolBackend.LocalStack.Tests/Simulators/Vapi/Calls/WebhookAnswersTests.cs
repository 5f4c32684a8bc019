using System.Text;
using ToolBackend.LocalStack.Simulators.Vapi.Calls;

namespace ToolBackend.LocalStack.Tests.Simulators.Vapi.Calls;

public class WebhookAnswersTests
{
    private static WebhookAnswers.ToolResults Read(string body, int? status = 200, params string[] asked) =>
        WebhookAnswers.ReadToolResults(asked is [] ? ["call_1"] : asked, status, Encoding.UTF8.GetBytes(body));

    [Fact]
    public void Every_result_is_taken_by_its_id()
    {
        var read = Read("""{"results":[{"toolCallId":"b","name":"x","error":"No."},{"toolCallId":"a","name":"x","result":"Yes."}]}""", 200, "a", "b");

        read.Problems.ShouldBeEmpty();
        read.Results.ShouldBe(new Dictionary<string, string> { ["a"] = "Yes.", ["b"] = "No." });
    }

    [Theory]
    [InlineData("""{"results":[]}""", "call_1 has no result")]
    [InlineData("""{"results":{}}""", "results is no array")]
    [InlineData("""[]""", "the body is no JSON object")]
    [InlineData("""oops""", "the body is no JSON object")]
    [InlineData("""{"results":[{"toolCallId":"call_1","name":"x","result":{"a":1}}]}""", "call_1 has a result that is no string")]
    [InlineData("""{"results":[{"toolCallId":"call_1","name":"x","result":"a\nb"}]}""", "call_1 has a line break in its result")]
    [InlineData("""{"results":[{"toolCallId":"call_1","result":"a"}]}""", "call_1 has no name")]
    [InlineData("""{"results":[{"toolCallId":"call_1","name":"x","result":"a","error":"b"}]}""", "call_1 must have either result or error")]
    [InlineData("""{"results":[{"name":"x","result":"a"}]}""", "a result has no toolCallId")]
    [InlineData("""{"results":[{"toolCallId":"call_9","name":"x","result":"a"}]}""", "call_9 was not asked")]
    public void What_Vapi_would_trip_over_is_named(string body, string problem) => Read(body).Problems.ShouldContain(problem);

    [Fact]
    public void A_refused_message_leaves_no_result()
    {
        var read = Read("", 503);

        read.Problems.ShouldContain("answered 503");
        read.Results["call_1"].ShouldBe(WebhookAnswers.NoResult);
    }

    [Theory]
    [InlineData(200, """{"assistantId":"x"}""", null)]
    [InlineData(201, """{"assistant":{}}""", null)]
    [InlineData(200, """{"squadId":"x"}""", null)]
    [InlineData(200, """{}""", "assistant-request-returned-no-assistant")]
    [InlineData(200, """{"error":"Closed.","assistantId":"x"}""", "assistant-request-returned-error")]
    [InlineData(200, """{"error":""}""", "assistant-request-returned-unspeakable-error")]
    [InlineData(200, """{"destination":{"type":"number","number":"+12065550111"}}""", "assistant-request-returned-forwarding-phone-number")]
    [InlineData(500, """{"assistantId":"x"}""", "assistant-request-failed")]
    [InlineData(null, "", "assistant-request-failed")]
    public void An_assistant_request_is_read_as_Vapi_reads_it(int? status, string body, string? reason) =>
        WebhookAnswers.ReadAssistantRequest(status, Encoding.UTF8.GetBytes(body)).ShouldBe(reason);
}
