using NodaTime;
using NodaTime.TimeZones;

namespace ToolBackend.Core.Scheduling;

/// <summary>
/// Opening hours laid onto the time line. A practitioner is open at an instant when the clock on the wall then reads a time within the hours.
/// Each stretch of constant UTC offset is handled by itself, which makes clock changes exact without a special case: a skipped hour has no
/// instants, a repeated hour has two stretches.
/// </summary>
internal static class OpenTimes
{
    /// <summary>A run of instants within one day's hours and one UTC offset. <paramref name="GridOrigin"/> is the wall-clock start of the hours.</summary>
    internal readonly record struct Piece(Instant Start, Instant End, LocalDateTime GridOrigin, Offset Offset);

    /// <summary>The pieces that touch [from, to), in order of start.</summary>
    internal static List<Piece> Pieces(IReadOnlyList<WeeklyHours> hours, DateTimeZone zone, Instant from, Instant to)
    {
        var pieces = new List<Piece>();
        foreach (var zoneInterval in zone.GetZoneIntervals(new Interval(from, to)))
        {
            var start = zoneInterval.HasStart ? Instant.Max(zoneInterval.Start, from) : from;
            var end = zoneInterval.HasEnd ? Instant.Min(zoneInterval.End, to) : to;
            AddPieces(pieces, hours, zoneInterval, start, end);
        }

        pieces.Sort(static (a, b) => a.Start.CompareTo(b.Start));
        return pieces;
    }

    /// <summary>Sorted, disjoint intervals that cover the same instants; touching ones are joined.</summary>
    internal static List<(Instant Start, Instant End)> Union(IEnumerable<(Instant Start, Instant End)> intervals)
    {
        var sorted = intervals.Where(static i => i.Start < i.End).ToList();
        sorted.Sort(static (a, b) => a.Start.CompareTo(b.Start));
        var joined = new List<(Instant Start, Instant End)>(sorted.Count);
        foreach (var next in sorted)
        {
            if (joined.Count > 0 && next.Start <= joined[^1].End)
            {
                joined[^1] = (joined[^1].Start, Instant.Max(joined[^1].End, next.End));
            }
            else
            {
                joined.Add(next);
            }
        }

        return joined;
    }

    /// <summary>Busy times as plain pairs; an open end is the end of time.</summary>
    internal static IEnumerable<(Instant Start, Instant End)> Bounds(IReadOnlyList<Interval> busy) =>
        busy.Select(static b => (b.HasStart ? b.Start : Instant.MinValue, b.HasEnd ? b.End : Instant.MaxValue));

    /// <summary>Index of the first interval that ends after the instant.</summary>
    internal static int FirstEndingAfter(List<(Instant Start, Instant End)> intervals, Instant instant)
    {
        var (low, high) = (0, intervals.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = intervals[middle].End > instant ? (low, middle) : (middle + 1, high);
        }

        return low;
    }

    private static void AddPieces(List<Piece> pieces, IReadOnlyList<WeeklyHours> hours, ZoneInterval zoneInterval, Instant start, Instant end)
    {
        var offset = zoneInterval.WallOffset;
        // Hours of the day before may run past midnight.
        var first = start.WithOffset(offset).Date.PlusDays(-1);
        var last = end.WithOffset(offset).Date;
        for (var date = first; date <= last; date = date.PlusDays(1))
        {
            foreach (var entry in hours)
            {
                if (!entry.BeginOn(date))
                {
                    continue;
                }

                var (opens, closes) = entry.On(date);
                var pieceStart = Instant.Max(opens.WithOffset(offset).ToInstant(), start);
                var pieceEnd = Instant.Min(closes.WithOffset(offset).ToInstant(), end);
                if (pieceStart < pieceEnd)
                {
                    pieces.Add(new Piece(pieceStart, pieceEnd, opens, offset));
                }
            }
        }
    }
}
