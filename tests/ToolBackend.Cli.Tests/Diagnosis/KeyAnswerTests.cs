using ToolBackend.Cli.Diagnosis;

namespace ToolBackend.Cli.Tests.Diagnosis;

public sealed class KeyAnswerTests
{
    [Theory]
    [InlineData(200, false, "", "Ok", "Other", "accepts KEY")]
    [InlineData(401, false, """{"detail":{"status":"invalid_api_key"}}""", "Failed", "Key", "refuses KEY (status 401)")]
    [InlineData(401, false, """{"detail":{"status":"missing_permissions"}}""", "Warning", "Other", "knows KEY, which may not ask for /models")]
    [InlineData(403, false, """{"err_code":"INSUFFICIENT_PERMISSIONS"}""", "Warning", "Other", "knows KEY, which may not ask for /models")]
    [InlineData(403, false, """{"error":{"message":"organization restricted"}}""", "Failed", "Key", "forbids what was asked with KEY (status 403)")]
    [InlineData(403, true, "<html>", "Warning", "Other", "a web page came")]
    [InlineData(200, true, "", "Warning", "Other", "a web page came")]
    [InlineData(402, false, "{}", "Failed", "Other", "out of credit or suspended (status 402)")]
    [InlineData(412, false, "{}", "Failed", "Other", "out of credit or suspended (status 412)")]
    [InlineData(408, false, "", "Failed", "Other", "in trouble (status 408)")]
    [InlineData(429, false, "{}", "Warning", "Other", "limits the rate (status 429)")]
    [InlineData(500, false, "{}", "Failed", "Other", "in trouble (status 500)")]
    [InlineData(529, false, "{}", "Failed", "Other", "in trouble (status 529)")]
    [InlineData(502, true, "<html>", "Failed", "Other", "in trouble (status 502)")]
    [InlineData(302, false, "", "Warning", "Other", "answered 302 to /models")]
    [InlineData(404, false, "{}", "Warning", "Other", "answered 404 to /models")]
    public void A_refused_key_is_told_apart_from_everything_that_says_nothing_of_it(int status, bool isPage, string text, string expected, string area, string words)
    {
        var result = new KeyAnswer(status, isPage, text, RetryAfter: null).Of("vendor", "KEY", "/models");

        result.Status.ShouldBe(Enum.Parse<CheckStatus>(expected));
        result.Area.ShouldBe(Enum.Parse<CheckArea>(area));
        result.Detail.ShouldContain(words);
        (result.Fix is null).ShouldBe(result.Status == CheckStatus.Ok);
    }

    [Fact]
    public void How_long_to_wait_is_said_where_the_vendor_says_it() =>
        new KeyAnswer(429, IsPage: false, "", TimeSpan.FromSeconds(6.2)).Of("vendor", "KEY", "/models").Fix.ShouldBe("look again in 7 s");
}
