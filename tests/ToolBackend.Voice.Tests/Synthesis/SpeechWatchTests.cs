using ToolBackend.Voice.Synthesis;

namespace ToolBackend.Voice.Tests.Synthesis;

public sealed class SpeechWatchTests
{
    private readonly SpeechWatch _watch = new(TimeSpan.FromMilliseconds(700), TimeSpan.FromSeconds(1));

    [Fact]
    public void The_first_byte_is_due_after_the_first_text_that_can_be_spoken()
    {
        _watch.Written("Of course", speakable: false, At(0));
        _watch.Look(At(5000)).ShouldBe((Verdict.Wait, null));
        _watch.Written(", Anna. ", speakable: true, At(5000));
        _watch.Look(At(5000)).ShouldBe((Verdict.Wait, At(700)));
        _watch.Look(At(5700)).Verdict.ShouldBe(Verdict.Late);
    }

    [Fact]
    public void A_vendor_that_spoke_all_it_was_given_owes_nothing()
    {
        _watch.Written("Hi there. ", speakable: true, At(0));
        _watch.Audio("Hi there. ", At(100));
        _watch.Look(At(60_000)).ShouldBe((Verdict.Wait, null));
    }

    [Fact]
    public void A_vendor_that_stops_within_what_it_was_given_is_late_after_the_stall()
    {
        _watch.Written("Hi there. ", speakable: true, At(0));
        _watch.Audio("Hi ", At(100));
        _watch.Look(At(1099)).Verdict.ShouldBe(Verdict.Wait);
        _watch.Look(At(1100)).Verdict.ShouldBe(Verdict.Late);
    }

    [Fact]
    public void New_text_after_a_pause_is_given_the_stall_from_then()
    {
        _watch.Written("Hi. ", speakable: true, At(0));
        _watch.Audio("Hi. ", At(100));
        _watch.Written("More. ", speakable: true, At(9000));
        _watch.Look(At(9500)).ShouldBe((Verdict.Wait, TimeSpan.FromMilliseconds(500)));
        _watch.Look(At(10_000)).Verdict.ShouldBe(Verdict.Late);
    }

    [Fact]
    public void All_spoken_and_no_sign_of_the_end_is_the_end()
    {
        _watch.Written("Hi. ", speakable: true, At(0));
        _watch.Audio("Hi. ", At(100));
        _watch.Completed(At(200));
        _watch.Look(At(1200)).Verdict.ShouldBe(Verdict.Over);
    }

    [Fact]
    public void Without_alignments_text_owes_until_audio_came_after_it()
    {
        _watch.Written("Hi. ", speakable: true, At(0));
        _watch.Audio(null, At(100));
        _watch.Look(At(5000)).ShouldBe((Verdict.Wait, null));
        _watch.Completed(At(5000));
        _watch.Look(At(6000)).Verdict.ShouldBe(Verdict.Late);
    }

    private static TimeSpan At(int ms) => TimeSpan.FromMilliseconds(ms);
}
