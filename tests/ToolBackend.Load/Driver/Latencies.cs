using System.Diagnostics;
using System.Numerics;

namespace ToolBackend.Load.Driver;

/// <summary>
/// Latencies in logarithmic buckets of 1/64 of a power of two (error below 1.6 %), counted in microseconds. Writers need no lock.
/// </summary>
internal sealed class Latencies
{
    private const int SubBits = 6;
    private const int Sub = 1 << SubBits;

    private readonly long[] _buckets = new long[(32 - SubBits + 1) * Sub];
    private long _max;

    public long Count => _buckets.Sum();

    public double MaxMilliseconds => Interlocked.Read(ref _max) / 1000.0;

    /// <param name="from">A <see cref="Stopwatch"/> time stamp.</param>
    /// <param name="to">A later one; an earlier one counts as zero.</param>
    public void Record(long from, long to)
    {
        var micros = Math.Clamp((to - from) * 1_000_000 / Stopwatch.Frequency, 0, uint.MaxValue);
        Interlocked.Increment(ref _buckets[IndexOf((uint)micros)]);
        for (var max = Interlocked.Read(ref _max); micros > max; max = Interlocked.Read(ref _max))
        {
            Interlocked.CompareExchange(ref _max, micros, max);
        }
    }

    /// <summary>The latency, in milliseconds, that a share of all requests did not exceed. NaN when there were none.</summary>
    public double Percentile(double share)
    {
        var wanted = Math.Max(1, (long)Math.Ceiling(Count * share));
        var seen = 0L;
        for (var i = 0; i < _buckets.Length; i++)
        {
            seen += _buckets[i];
            if (seen >= wanted)
            {
                return Math.Min(UpperBound(i) / 1000.0, MaxMilliseconds);
            }
        }

        return double.NaN;
    }

    public static Latencies Merge(IEnumerable<Latencies> parts)
    {
        var sum = new Latencies();
        foreach (var part in parts)
        {
            for (var i = 0; i < sum._buckets.Length; i++)
            {
                sum._buckets[i] += part._buckets[i];
            }

            sum._max = Math.Max(sum._max, part._max);
        }

        return sum;
    }

    // Below Sub each value has its own bucket; above, the leading bit picks the group and the next SubBits bits the bucket.
    private static int IndexOf(uint micros)
    {
        var shift = Math.Max(0, 31 - BitOperations.LeadingZeroCount(micros) - SubBits);
        return (shift * Sub) + (int)(micros >> shift);
    }

    private static long UpperBound(int index)
    {
        var shift = Math.Max(0, (index / Sub) - 1);
        return ((((long)index - (shift * Sub)) + 1) << shift) - 1;
    }
}
