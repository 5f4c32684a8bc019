using ToolBackend.Voice.Audio;

namespace ToolBackend.Voice.Tests.Audio;

public sealed class KeyTonesTests
{
    [Fact]
    public void A_decoder_of_key_tones_reads_every_key()
    {
        const string keys = "1234567890*#ABCD";
        KeyToneDecoder.Read(KeyTones.Of(keys)!).ShouldBe(keys);
        KeyToneDecoder.Read(KeyTones.Of("4 w 4-W5#")!).ShouldBe("445#");
    }

    [Theory]
    [InlineData("w", 500)]
    [InlineData("1", 200)]
    [InlineData("1W1", 1400)]
    public void Keys_take_their_time(string keys, int milliseconds) => MuLaw.Duration(KeyTones.Of(keys)!.Length).ShouldBe(TimeSpan.FromMilliseconds(milliseconds));

    [Theory]
    [InlineData("")]
    [InlineData(" - ")]
    [InlineData("12x")]
    [InlineData("one")]
    [InlineData("123456789012345678901234567890123")]
    public void What_is_no_key_is_refused(string keys) => KeyTones.Of(keys).ShouldBeNull();
}
