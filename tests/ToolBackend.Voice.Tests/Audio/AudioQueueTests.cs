using ToolBackend.Voice.Audio;

namespace ToolBackend.Voice.Tests.Audio;

public sealed class AudioQueueTests
{
    [Fact]
    public void What_goes_in_comes_out_in_order_whatever_the_sizes()
    {
        using var queue = new AudioQueue(100_000);
        var random = new Random(1);
        var (written, read) = (0, 0);
        var buffer = new byte[5000];
        for (var round = 0; round < 500; round++)
        {
            var size = random.Next(1, 3000);
            for (var i = 0; i < size; i++)
            {
                buffer[i] = (byte)(written++ * 31 >> 3);
            }

            queue.Append(buffer.AsSpan(0, size));
            var taken = queue.Take(buffer.AsSpan(0, random.Next(1, 3200)));
            for (var i = 0; i < taken; i++)
            {
                buffer[i].ShouldBe((byte)(read++ * 31 >> 3));
            }
        }

        queue.Dropped.ShouldBe(0);
        queue.Count.ShouldBe(written - read);
    }

    [Fact]
    public void When_full_the_oldest_goes()
    {
        using var queue = new AudioQueue(4);
        queue.Append([1, 2, 3]);
        queue.Append([4, 5, 6]);
        var all = new byte[10];
        queue.Take(all).ShouldBe(4);
        all[..4].ShouldBe(new byte[] { 3, 4, 5, 6 });
        queue.Dropped.ShouldBe(2);
        queue.Append([1, 2, 3, 4, 5, 6, 7]);
        queue.Dropped.ShouldBe(5);
        queue.Take(all).ShouldBe(4);
        all[0].ShouldBe((byte)4);
    }

    [Fact]
    public void A_history_gives_the_last_of_it_from_a_position()
    {
        var history = new AudioHistory(5);
        history.Append([1, 2, 3, 4]);
        history.Append([5, 6, 7]);
        history.End.ShouldBe(7);
        history.Start.ShouldBe(2);
        Read(history, 4).ShouldBe(new byte[] { 5, 6, 7 });
        Read(history, 0).ShouldBe(new byte[] { 3, 4, 5, 6, 7 });
        Read(history, 7).ShouldBeEmpty();
        history.Append([1, 2, 3, 4, 5, 6, 7, 8]);
        Read(history, 0).ShouldBe(new byte[] { 4, 5, 6, 7, 8 });
    }

    private static byte[] Read(AudioHistory history, long from)
    {
        var (first, second) = history.From(from);
        return [.. first.Span, .. second.Span];
    }
}
