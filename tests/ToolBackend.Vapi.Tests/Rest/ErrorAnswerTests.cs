using System.Text;
using ToolBackend.Vapi.Rest;

namespace ToolBackend.Vapi.Tests.Rest;

public class ErrorAnswerTests
{
    private static ErrorAnswer Read(string body) => ErrorAnswer.Read(Encoding.UTF8.GetBytes(body));

    [Theory]
    [InlineData("""{"message":["a should not exist","b is wrong"],"error":"Bad Request","statusCode":400}""", "Bad Request", "a should not exist|b is wrong")]
    [InlineData("""{"message":"Invalid Key.","error":"Unauthorized","statusCode":401}""", "Unauthorized", "Invalid Key.")]
    [InlineData("""{"error":"assistant_pinned","message":"A squad pins it."}""", "assistant_pinned", "A squad pins it.")]
    [InlineData("""{"message":{"message":["nested"]},"statusCode":400}""", null, "nested")]
    [InlineData("""{"error":{"message":"inside"}}""", null, "inside")]
    [InlineData("""["one","two"]""", null, "one|two")]
    [InlineData("""{"statusCode":500}""", null, "")]
    [InlineData("""{"message":null}""", null, "")]
    [InlineData("", null, "")]
    [InlineData("error code: 1015", null, "error code: 1015")]
    [InlineData("{\"message\":\"two\\nlines\"}", null, "two lines")]
    [InlineData("{\"message\":", null, "{\"message\":")]
    public void Every_shape_is_read(string body, string? error, string messages)
    {
        var answer = Read(body);

        answer.Error.ShouldBe(error);
        string.Join('|', answer.Messages).ShouldBe(messages);
        answer.IsPage.ShouldBeFalse();
    }

    [Theory]
    [InlineData("<!DOCTYPE html><html><head><title>Just a moment...</title></head></html>", "Just a moment...")]
    [InlineData("<html><body>No title</body></html>", "")]
    public void A_web_page_is_known_as_one(string body, string messages)
    {
        var answer = Read(body);

        answer.IsPage.ShouldBeTrue();
        string.Join('|', answer.Messages).ShouldBe(messages);
    }

    [Fact]
    public void Long_answers_are_cut()
    {
        var answer = Read($$"""{"message":[{{string.Join(',', Enumerable.Repeat('"' + new string('x', 5000) + '"', 500))}}]}""");

        answer.Messages.Count.ShouldBe(ErrorAnswer.MostMessages);
        answer.Messages.ShouldAllBe(message => message.Length == ErrorAnswer.LongestMessage + 1);
    }

    [Fact]
    public void Random_bytes_are_no_trouble()
    {
        var random = new Random(20261124);
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = new byte[random.Next(200)];
            random.NextBytes(bytes);
            ErrorAnswer.Read(bytes).Messages.Count.ShouldBeLessThanOrEqualTo(1);
        }
    }

    [Fact]
    public void A_lone_surrogate_is_no_trouble() => Read("{\"message\":\"\\ud800\"}").Messages.Count.ShouldBe(1);
}
