using ToolBackend.Testing;
using ToolBackend.Voice.Audio;
using ToolBackend.Voice.Transcription;

namespace ToolBackend.Voice.Tests.Transcription;

public sealed class SendingPaceTests
{
    private readonly ManualClock _clock = new();

    [Fact]
    public void No_more_is_sent_than_was_spoken_and_a_fifth_of_a_second()
    {
        var pace = new SendingPace(_clock);
        pace.WaitBefore().ShouldBe(TimeSpan.Zero);
        for (var i = 0; i < 5; i++)
        {
            pace.Sent(480);
        }

        pace.WaitBefore().ShouldBe(TimeSpan.FromMilliseconds(100));
        _clock.Advance(TimeSpan.FromMilliseconds(100));
        pace.WaitBefore().ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public void Silence_is_left_out_only_while_late_and_a_little_of_it_stays()
    {
        var pace = new SendingPace(_clock);
        var silence = new byte[480];
        silence.AsSpan().Fill(MuLaw.Silence);
        Enumerable.Range(0, 5).Select(_ => pace.LeaveOut(silence, waiting: 8000)).ShouldBe([false, false, true, true, true]);
        pace.LeaveOut(silence, waiting: 480).ShouldBeFalse();
        pace.LeaveOut(new byte[480], waiting: 8000).ShouldBeFalse("loud audio is never left out");
    }
}
