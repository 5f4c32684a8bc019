using NodaTime;
using ToolBackend.Core.Scheduling;

namespace ToolBackend.Core.Tests.Scheduling;

/// <summary>
/// Slot arithmetic by brute force: walks the time line minute by minute, reads the clock on the wall at each, and shares no code with the finder.
/// Right for whole-minute rules, bookings and UTC offsets.
/// </summary>
internal sealed class SlotOracle
{
    private static readonly Duration Minute = Duration.FromMinutes(1);

    private readonly Instant _origin;
    private readonly LocalDateTime[] _wall;
    private readonly bool[] _open;
    private readonly bool[] _onGrid;
    private readonly bool[] _busy;
    private readonly SlotRules _rules;
    private readonly ServiceRules _service;
    private readonly Instant _now;
    private readonly LocalDate _lastDay;

    internal SlotOracle(
        LocalDate from, LocalDate to, SlotRules rules, ServiceRules service, PractitionerCalendar calendar, DateTimeZone zone, Instant now)
    {
        (_rules, _service, _now) = (rules, service, now);
        _lastDay = now.InZone(zone).Date.PlusDays(rules.HorizonDays);
        _origin = from.AtMidnight().InUtc().ToInstant() - Duration.FromHours(16);
        var minutes = (Period.DaysBetween(from, to) + 1) * 1440 + (40 * 60);
        _wall = new LocalDateTime[minutes];
        _open = new bool[minutes];
        _onGrid = new bool[minutes];
        _busy = new bool[minutes];
        var byWeekday = calendar.Hours.ToLookup(static h => h.Day);
        for (var m = 0; m < minutes; m++)
        {
            var at = _origin + (Minute * m);
            _wall[m] = at.InZone(zone).LocalDateTime;
            _busy[m] = calendar.Busy.Any(b => b.Contains(at));
            Mark(m, byWeekday, _wall[m].Date, (_wall[m].Hour * 60) + _wall[m].Minute);
            Mark(m, byWeekday, _wall[m].Date.PlusDays(-1), (_wall[m].Hour * 60) + _wall[m].Minute + 1440);
        }
    }

    /// <summary>Every start in the range that fits, on the grid.</summary>
    internal IEnumerable<Instant> Starts(LocalDate from, LocalDate to) =>
        Enumerable.Range(0, _wall.Length)
            .Where(m => _onGrid[m] && _wall[m].Date >= from && _wall[m].Date <= to && Fits(m))
            .Select(m => _origin + (Minute * m));

    internal bool Fits(Instant start) => Fits((int)(start - _origin).TotalMinutes);

    private bool Fits(int m)
    {
        var visit = (int)_service.Visit.TotalMinutes;
        var total = visit + (int)_service.BufferAfter.TotalMinutes;
        return m + total <= _wall.Length
            && _origin + (Minute * m) >= _now + _rules.MinimumNotice
            && _wall[m].Date <= _lastDay
            && Array.TrueForAll(_open[m..(m + visit)], static open => open)
            && !Array.Exists(_busy[m..(m + total)], static busy => busy);
    }

    /// <summary><paramref name="wall"/>: minutes on the wall since the midnight that began the date.</summary>
    private void Mark(int m, ILookup<IsoDayOfWeek, WeeklyHours> byWeekday, LocalDate date, int wall)
    {
        foreach (var hours in byWeekday[date.DayOfWeek])
        {
            var start = (hours.Start.Hour * 60) + hours.Start.Minute;
            var end = (hours.End.Hour * 60) + hours.End.Minute;
            end = end <= start ? end + 1440 : end;
            if (date >= (hours.ValidFrom ?? date) && date <= (hours.ValidUntil ?? date) && wall >= start && wall < end)
            {
                _open[m] = true;
                _onGrid[m] |= (wall - start) % (int)_rules.Grid.TotalMinutes == 0;
            }
        }
    }
}
