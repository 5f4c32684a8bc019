using ToolBackend.Voice.Playback;

namespace ToolBackend.Voice.Tests.Playback;

public sealed class PlayoutTests
{
    private readonly Playout _playout = new(Ms(400));

    [Fact]
    public void The_first_piece_leaves_at_once_and_the_lead_is_kept()
    {
        _playout.Add(Audio(2000));
        Drain(Ms(0)).ShouldBe(400);
        _playout.NextAt(Ms(0)).ShouldBe(Ms(100));
        Drain(Ms(99)).ShouldBe(0);
        Drain(Ms(100)).ShouldBe(100);
        Drain(Ms(250)).ShouldBe(150);
    }

    [Fact]
    public void A_small_piece_does_not_wait_for_a_large_one()
    {
        _playout.Add(Audio(20));
        _playout.NextAt(Ms(0)).ShouldBe(Ms(0));
        Drain(Ms(0)).ShouldBe(20);
        _playout.NextAt(Ms(0)).ShouldBeNull();
    }

    [Fact]
    public void What_was_heard_follows_the_clock_and_never_passes_what_was_sent()
    {
        _playout.Add(Audio(300));
        Drain(Ms(0));
        _playout.Played(Ms(0)).ShouldBe(0);
        _playout.Played(Ms(120)).ShouldBe(120 * 8);
        _playout.Played(Ms(5000)).ShouldBe(300 * 8);
    }

    [Fact]
    public void A_gap_in_the_audio_is_not_counted_as_heard()
    {
        _playout.Add(Audio(100));
        Drain(Ms(0));
        _playout.Add(Audio(100));
        Drain(Ms(1000));
        _playout.Played(Ms(1050)).ShouldBe(150 * 8);
    }

    [Fact]
    public void After_a_clear_the_rest_is_sent_again_from_where_the_caller_stopped_hearing()
    {
        var audio = new byte[1000 * 8];
        for (var i = 0; i < audio.Length; i++)
        {
            audio[i] = (byte)(i / 80);
        }

        _playout.Add(audio.AsMemory(0, 3000));
        _playout.Add(audio.AsMemory(3000));
        Drain(Ms(0));
        Drain(Ms(200));
        _playout.Rewind(Ms(250)).ShouldBe(250 * 8);
        _playout.Sent.ShouldBe(250 * 8);
        _playout.Take(Ms(900)).Span[0].ShouldBe(audio[250 * 8]);
    }

    [Fact]
    public void Random_play_sends_every_byte_once_in_order_and_keeps_the_lead()
    {
        var random = new Random(20261126);
        for (var round = 0; round < 200; round++)
        {
            var playout = new Playout(Ms(400));
            var (now, value, sent) = (TimeSpan.Zero, 0, 0);
            for (var step = 0; step < 200; step++)
            {
                now += Ms(random.Next(0, 120));
                if (random.Next(3) == 0)
                {
                    playout.Add(Enumerable.Range(0, random.Next(1, 4000)).Select(_ => (byte)value++).ToArray());
                }

                while (playout.Take(now) is { IsEmpty: false } piece)
                {
                    foreach (var b in piece.Span)
                    {
                        b.ShouldBe((byte)sent++, "bytes are sent once and in order");
                    }

                    (playout.BufferEnds - now).ShouldBeLessThanOrEqualTo(Ms(400));
                }

                playout.Played(now).ShouldBeInRange(0, sent);
            }
        }
    }

    private int Drain(TimeSpan now)
    {
        var sent = 0;
        while (_playout.Take(now) is { IsEmpty: false } piece)
        {
            sent += piece.Length;
        }

        return sent / 8;
    }

    private static byte[] Audio(int milliseconds) => new byte[milliseconds * 8];

    private static TimeSpan Ms(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds);
}
