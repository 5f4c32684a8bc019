using ToolBackend.Core.Speech;

namespace ToolBackend.Core.Tests.Speech;

public sealed class NounsTests
{
    [Theory]
    [InlineData("Check-up", "a check-up")]
    [InlineData("Extraction", "an extraction")]
    [InlineData("Ultrasound", "an ultrasound")]
    [InlineData("X-ray", "an X-ray")]
    [InlineData("Uniform fitting", "a uniform fitting")]
    public void Names_take_their_article(string name, string expected) => Nouns.A(name).ShouldBe(expected);
}
