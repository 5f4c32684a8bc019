using ToolBackend.Voice.Audio;
using ToolBackend.Voice.Recording;

namespace ToolBackend.Voice.Tests.Recording;

public sealed class RecordingMixTests
{
    private readonly RecordingMix _mix = new();
    private readonly List<byte> _written = [];

    [Fact]
    public void What_is_played_stands_where_it_is_heard()
    {
        _mix.Play(Sound(1, 200), TimeSpan.FromMilliseconds(100));
        Say(1500);
        (Left(0), Left(1499)).ShouldBe(((byte)9, (byte)9));
        (Right(99), Right(100), Right(299), Right(300)).ShouldBe((MuLaw.Silence, (byte)1, (byte)1, MuLaw.Silence));
    }

    [Fact]
    public void Pieces_follow_each_other_though_the_clock_was_read_a_little_late()
    {
        _mix.Play(Sound(1, 100), TimeSpan.Zero);
        Say(40);
        _mix.Play(Sound(2, 100), TimeSpan.FromMilliseconds(72)); // 12 ms behind the end of the first
        Say(1000);
        (Right(99), Right(100), Right(199), Right(200)).ShouldBe(((byte)1, (byte)2, (byte)2, MuLaw.Silence));
    }

    [Fact]
    public void What_was_cleared_is_not_there()
    {
        _mix.Play(Sound(1, 400), TimeSpan.Zero);
        Say(150);
        _mix.Clear();
        Say(150);
        _mix.Play(Sound(2, 100), TimeSpan.Zero);
        Say(1000);
        (Right(149), Right(150), Right(299), Right(300), Right(399), Right(400)).ShouldBe(((byte)1, MuLaw.Silence, MuLaw.Silence, (byte)2, (byte)2, MuLaw.Silence));
    }

    [Fact]
    public void What_lies_over_the_end_of_a_block_is_in_the_next()
    {
        Say(900);
        _mix.Play(Sound(1, 400), TimeSpan.Zero);
        Say(1400);
        _written.Count.ShouldBe(2 * 2 * RecordingMix.Block);
        (Right(899), Right(900), Right(1299), Right(1300)).ShouldBe((MuLaw.Silence, (byte)1, (byte)1, MuLaw.Silence));
        _mix.Rest().Length.ShouldBe(2 * MuLaw.Bytes(TimeSpan.FromMilliseconds(300)));
    }

    private void Say(int milliseconds)
    {
        for (var said = 0; said < milliseconds; said += 20)
        {
            _mix.Say(Sound(9, Math.Min(20, milliseconds - said)), block => _written.AddRange(block.Span));
        }
    }

    private byte Left(int millisecond) => All()[2 * 8 * millisecond];

    private byte Right(int millisecond) => All()[(2 * 8 * millisecond) + 1];

    private byte[] All() => [.. _written, .. _mix.Rest().Span];

    private static byte[] Sound(byte value, int milliseconds) => Enumerable.Repeat(value, milliseconds * MuLaw.BytesPerMillisecond).ToArray();
}
