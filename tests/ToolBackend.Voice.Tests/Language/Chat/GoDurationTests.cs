using ToolBackend.Voice.Language.Chat;

namespace ToolBackend.Voice.Tests.Language.Chat;

public sealed class GoDurationTests
{
    [Theory]
    [InlineData("2m59.56s", 179.56)]
    [InlineData("7.66s", 7.66)]
    [InlineData("650ms", 0.65)]
    [InlineData("1h2m3.5s", 3723.5)]
    [InlineData("0s", 0)]
    public void Durations_are_read(string text, double seconds) => GoDuration.Parse(text)!.Value.TotalSeconds.ShouldBe(seconds, 1e-6);

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("s")]
    [InlineData("1.2.3s")]
    [InlineData("-3s")]
    [InlineData("3 s")]
    [InlineData("999h")]
    public void Anything_else_is_none(string text) => GoDuration.Parse(text).ShouldBeNull();
}
