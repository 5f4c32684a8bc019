using ToolBackend.Voice.Audio;

namespace ToolBackend.Voice.Tests.Audio;

public sealed class MuLawTests
{
    /// <summary>Values of ITU-T G.711, table 2b, scaled to 16 bits.</summary>
    [Theory]
    [InlineData(0xFF, 0)]
    [InlineData(0x7F, 0)]
    [InlineData(0x80, 32124)]
    [InlineData(0x00, -32124)]
    [InlineData(0xF0, 120)]
    [InlineData(0x70, -120)]
    [InlineData(0xE0, 372)]
    public void Samples_have_the_standards_values(byte sample, short value) => MuLaw.Decode(sample).ShouldBe(value);

    [Fact]
    public void Silence_has_no_level_and_full_scale_the_highest()
    {
        MuLaw.MeanLevel([0xFF, 0xFF]).ShouldBe(0);
        MuLaw.MeanLevel([0x80, 0x00]).ShouldBe(32124);
        MuLaw.MeanLevel([]).ShouldBe(0);
    }
}
