using NodaTime;

namespace ToolBackend.Core.Scheduling;

public static partial class SlotFinder
{
    /// <summary>
    /// Can a visit start at this wall-clock time? The grid is for offers only: a time between its lines may be booked. When the clocks show the
    /// time twice and only one of the two fits, that one is taken.
    /// </summary>
    public static SlotCheck Check(
        LocalDateTime start, SlotRules rules, ServiceRules service, PractitionerCalendar calendar, DateTimeZone zone, Instant now)
    {
        var mapping = zone.MapLocal(start);
        if (mapping.Count == 0)
        {
            return start < now.InZone(zone).LocalDateTime
                ? new SlotCheck.Past(start)
                : new SlotCheck.NonexistentTime(start, mapping.LateInterval.IsoLocalStart);
        }

        var earlier = Check(mapping.First().ToInstant(), rules, service, calendar, zone, now);
        if (mapping.Count == 1)
        {
            return earlier;
        }

        var later = Check(mapping.Last().ToInstant(), rules, service, calendar, zone, now);
        return (earlier, later) switch
        {
            (SlotCheck.Fits one, SlotCheck.Fits two) => new SlotCheck.AmbiguousTime(start, one.Slot, two.Slot),
            (SlotCheck.Fits, _) => earlier,
            _ => later,
        };
    }

    /// <summary>
    /// As above with any of several practitioners: the first who fits, otherwise the refusal that is nearest to a yes
    /// (ambiguous, then busy, then outside hours).
    /// </summary>
    public static SlotCheck Check(
        LocalDateTime start, SlotRules rules, ServiceRules service, IReadOnlyList<PractitionerCalendar> calendars, DateTimeZone zone, Instant now)
    {
        SlotCheck best = new SlotCheck.OutsideHours(start, []);
        foreach (var calendar in calendars)
        {
            var check = Check(start, rules, service, calendar, zone, now);
            if (check is SlotCheck.Fits)
            {
                return check;
            }

            best = Nearness(check) > Nearness(best) || best is SlotCheck.OutsideHours { Hours.Count: 0 } ? check : best;
        }

        return best;

        static int Nearness(SlotCheck check) => check switch
        {
            SlotCheck.AmbiguousTime => 3,
            SlotCheck.Busy => 2,
            SlotCheck.OutsideHours => 1,
            _ => 0,
        };
    }

    /// <summary>Can a visit start at this instant? Never ambiguous or nonexistent.</summary>
    public static SlotCheck Check(
        Instant start, SlotRules rules, ServiceRules service, PractitionerCalendar calendar, DateTimeZone zone, Instant now)
    {
        Guard(rules, service);
        var wall = start.InZone(zone).LocalDateTime;
        if (start < now)
        {
            return new SlotCheck.Past(wall);
        }

        if (start < now + rules.MinimumNotice)
        {
            return new SlotCheck.TooSoon(wall, now + rules.MinimumNotice);
        }

        var lastDay = now.InZone(zone).Date.PlusDays(rules.HorizonDays);
        if (wall.Date > lastDay)
        {
            return new SlotCheck.TooFar(wall, lastDay);
        }

        var end = start + service.Visit;
        var pieces = OpenTimes.Pieces(calendar.Hours, zone, start, end);
        if (!IsOpen(OpenTimes.Union(pieces.Select(static p => (p.Start, p.End))), start, end))
        {
            return new SlotCheck.OutsideHours(wall, HoursOn(calendar, wall.Date));
        }

        var busy = OpenTimes.Union(OpenTimes.Bounds(calendar.Busy));
        if (!IsFree(busy, start, end + service.BufferAfter))
        {
            var (from, to) = busy[OpenTimes.FirstEndingAfter(busy, start)];
            return new SlotCheck.Busy(wall, new Interval(from, to));
        }

        return new SlotCheck.Fits(new Slot(calendar.PractitionerId, calendar.Name, start, end));
    }

    private static List<(LocalTime Start, LocalTime End)> HoursOn(PractitionerCalendar calendar, LocalDate date) =>
        [.. calendar.Hours.Where(h => h.BeginOn(date)).Select(static h => (h.Start, h.End)).Order()];
}
