using NodaTime;

namespace ToolBackend.Core.Scheduling;

/// <summary>
/// Pure slot arithmetic: which visits fit into opening hours, bookings, notice and horizon. Offers are for the ear, the database's exclusion
/// constraint decides. Exactness over clock changes, odd offsets, midnight, year end and leap days is held by
/// <c>C11_slot_arithmetic_is_exact_in_20_zones_over_10_years</c>.
/// </summary>
public static partial class SlotFinder
{
    /// <summary>Days looked at before asking whether the limit is reached: most questions want the next few slots.</summary>
    private const int WindowDays = 7;

    /// <summary>
    /// All slots that fit, ordered by start, then by the order of <paramref name="calendars"/>. Starts lie on the wall-clock grid counted from the
    /// start of the hours. In a repeated autumn hour both instants are offered; a skipped spring hour offers none.
    /// </summary>
    public static IReadOnlyList<Slot> Find(
        SlotQuery query, SlotRules rules, ServiceRules service, IReadOnlyList<PractitionerCalendar> calendars, DateTimeZone zone, Instant now)
    {
        Guard(rules, service);
        var today = now.InZone(zone).Date;
        var firstDay = LocalDate.Max(query.From, today);
        var lastDay = LocalDate.Min(query.To, today.PlusDays(rules.HorizonDays));
        var found = new List<Slot>();
        if (firstDay > lastDay || query.Limit <= 0)
        {
            return found;
        }

        var search = new Search(query with { From = firstDay, To = lastDay }, rules.Grid, service, zone);
        var busy = calendars.Select(static c => OpenTimes.Union(OpenTimes.Bounds(c.Busy))).ToArray();
        var from = Instant.Max(now + rules.MinimumNotice, zone.AtStartOfDay(firstDay).ToInstant() - Duration.FromDays(1));
        var to = zone.AtStartOfDay(lastDay).ToInstant() + Duration.FromDays(2);
        for (var window = from; window < to && found.Count < query.Limit; window += Duration.FromDays(WindowDays))
        {
            var windowEnd = Instant.Min(window + Duration.FromDays(WindowDays), to);
            var seen = found.Count;
            for (var i = 0; i < calendars.Count; i++)
            {
                search.Collect(calendars[i], busy[i], window, windowEnd, found);
            }

            // Stable order: equal starts stay in the order of the calendars.
            var ordered = found.Skip(seen).OrderBy(static s => s.Start).ToList();
            found.RemoveRange(seen, found.Count - seen);
            found.AddRange(ordered.Take(query.Limit - seen));
        }

        return found;
    }

    private static void Guard(SlotRules rules, ServiceRules service)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(rules.Grid, Duration.Zero, nameof(rules));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(service.Visit, Duration.Zero, nameof(service));
        ArgumentOutOfRangeException.ThrowIfLessThan(service.BufferAfter, Duration.Zero, nameof(service));
    }

    /// <summary>Whether the visit with its buffer touches none of the busy times.</summary>
    private static bool IsFree(List<(Instant Start, Instant End)> busy, Instant start, Instant endWithBuffer)
    {
        var next = OpenTimes.FirstEndingAfter(busy, start);
        return next == busy.Count || busy[next].Start >= endWithBuffer;
    }

    /// <summary>Whether [start, end) lies inside one of the open times.</summary>
    private static bool IsOpen(List<(Instant Start, Instant End)> open, Instant start, Instant end)
    {
        var next = OpenTimes.FirstEndingAfter(open, start);
        return next < open.Count && open[next].Start <= start && open[next].End >= end;
    }

    private sealed class Search(SlotQuery query, Duration grid, ServiceRules service, DateTimeZone zone)
    {
        /// <summary>Adds the slots of one practitioner that start in [from, to), in order of start.</summary>
        internal void Collect(
            PractitionerCalendar calendar, List<(Instant Start, Instant End)> busy, Instant from, Instant to, List<Slot> found)
        {
            // A visit that starts in the window may end after it.
            var pieces = OpenTimes.Pieces(calendar.Hours, zone, from, to + service.Visit);
            var open = OpenTimes.Union(pieces.Select(static p => (p.Start, p.End)));
            var first = found.Count;
            foreach (var piece in pieces)
            {
                var start = FirstOnGrid(piece);
                for (; start < piece.End && start < to; start += grid)
                {
                    if (IsOpen(open, start, start + service.Visit)
                        && query.Wants(start.WithOffset(piece.Offset).LocalDateTime)
                        && IsFree(busy, start, start + service.Visit + service.BufferAfter))
                    {
                        found.Add(new Slot(calendar.PractitionerId, calendar.Name, start, start + service.Visit));
                    }
                }
            }

            RemoveTwins(found, first);
        }

        private Instant FirstOnGrid(OpenTimes.Piece piece)
        {
            var origin = piece.GridOrigin.WithOffset(piece.Offset).ToInstant();
            var past = (piece.Start - origin).ToInt64Nanoseconds();
            var step = grid.ToInt64Nanoseconds();
            return origin + Duration.FromNanoseconds((past + step - 1) / step * step);
        }

        /// <summary>Overlapping hours of one practitioner offer the same start twice.</summary>
        private static void RemoveTwins(List<Slot> found, int first)
        {
            var seen = new HashSet<Instant>();
            var kept = first;
            for (var i = first; i < found.Count; i++)
            {
                if (seen.Add(found[i].Start))
                {
                    found[kept++] = found[i];
                }
            }

            found.RemoveRange(kept, found.Count - kept);
        }
    }
}
