using ToolBackend.Voice.Audio;
using ToolBackend.Voice.Speaking;

namespace ToolBackend.Voice.Tests.Speaking;

public sealed class LeadingSilenceTests
{
    [Fact]
    public void Silence_before_the_voice_goes_but_for_ten_milliseconds() => new LeadingSilence().Trim(Audio(200, 100)).ShouldBe(190 * 8);

    [Fact]
    public void Later_silence_stays()
    {
        var silence = new LeadingSilence();
        silence.Trim(Audio(50, 20)).ShouldBe(40 * 8);
        silence.Trim(Audio(300, 20)).ShouldBe(0);
    }

    [Fact]
    public void No_more_than_400_ms_goes_over_several_pieces()
    {
        var silence = new LeadingSilence();
        silence.Trim(Audio(250, 0)).ShouldBe(240 * 8);
        silence.Trim(Audio(250, 0)).ShouldBe(160 * 8);
        silence.Trim(Audio(250, 0)).ShouldBe(0);
    }

    [Fact]
    public void A_voice_from_the_begin_is_whole() => new LeadingSilence().Trim(Audio(0, 100)).ShouldBe(0);

    [Fact]
    public void Soft_noise_counts_as_silence()
    {
        var audio = Audio(100, 50);
        audio.AsSpan(0, 800).Fill(0xFA);
        MuLaw.MeanLevel(audio.AsSpan(0, 800)).ShouldBeLessThan(120);
        new LeadingSilence().Trim(audio).ShouldBe(90 * 8);
    }

    private static byte[] Audio(int silentMs, int voiceMs)
    {
        var audio = new byte[(silentMs + voiceMs) * 8];
        audio.AsSpan(0, silentMs * 8).Fill(MuLaw.Silence);
        audio.AsSpan(silentMs * 8).Fill(0xA0);
        return audio;
    }
}
