using NodaTime;
using Shouldly;
using ToolBackend.Core.Scheduling;
using Xunit;

namespace ToolBackend.Core.Tests.Scheduling;

public sealed class SlotArithmeticTests
{
    private const int FirstYear = 2020;
    private const int LastYear = 2029;

    /// <summary>Northern and southern summer time, changes at midnight, of 30 minutes and of 2 hours, offsets of 30 and 45 minutes, Ramadan, none.</summary>
    public static TheoryData<string> Zones =>
    [
        "America/New_York", "America/Los_Angeles", "America/St_Johns", "America/Havana", "America/Santiago", "America/Sao_Paulo", "America/Asuncion",
        "Europe/London", "Europe/Berlin", "Atlantic/Azores", "Africa/Casablanca", "Asia/Beirut", "Asia/Gaza", "Asia/Tehran", "Asia/Kolkata",
        "Asia/Kathmandu", "Australia/Lord_Howe", "Australia/Adelaide", "Pacific/Chatham", "Antarctica/Troll", "Pacific/Apia", "Pacific/Kiritimati",
    ];

    [Theory]
    [MemberData(nameof(Zones))]
    public void C11_slot_arithmetic_is_exact_in_20_zones_over_10_years(string zoneId)
    {
        var zone = DateTimeZoneProviders.Tzdb[zoneId];
        var slots = 0;
        foreach (var day in DaysThatMatter(zone))
        {
            for (var variant = 0; variant < 2; variant++)
            {
                var seed = HashCode(zoneId, day, variant);
                slots += AssertExact(zone, day, new Random(seed), $"zone {zoneId}, day {day:uuuu-MM-dd}, seed {seed}");
            }
        }

        slots.ShouldBeGreaterThan(1000, "the sample must hold real slots, or it proves nothing");
    }

    private static int AssertExact(DateTimeZone zone, LocalDate day, Random random, string where)
    {
        var from = day.PlusDays(-random.Next(2));
        var to = random.Next(8) == 0 ? day.PlusDays(random.Next(5, 10)) : day.PlusDays(random.Next(2));
        var grid = Duration.FromMinutes(Pick(random, 5, 10, 15, 20, 30, 45, 60));
        var rules = new SlotRules(Duration.FromMinutes(random.Next(0, 300)), random.Next(5) == 0 ? random.Next(0, 4) : 90, grid);
        var service = new ServiceRules(Duration.FromMinutes(random.Next(1, 25) * 5), Duration.FromMinutes(random.Next(0, 5) * 5));
        var calendar = AnyCalendar(random, from, to);
        var now = from.AtMidnight().InUtc().ToInstant() - Duration.FromHours(random.Next(-20, 60)) + Duration.FromSeconds(random.Next(60));
        var oracle = new SlotOracle(from, to, rules, service, calendar, zone, now);

        var found = SlotFinder.Find(new SlotQuery(from, to), rules, service, [calendar], zone, now);

        found.Select(static s => s.Start).ShouldBe(oracle.Starts(from, to), where);
        found.ShouldAllBe(s => s.End - s.Start == service.Visit, where);
        for (var i = 0; i < 20; i++)
        {
            var at = from.AtMidnight().InUtc().ToInstant() + Duration.FromMinutes(random.Next(1440));
            var fits = SlotFinder.Check(at, rules, service, calendar, zone, now) is SlotCheck.Fits;
            fits.ShouldBe(oracle.Fits(at), $"check of {at}, {where}");
        }

        return found.Count;
    }

    private static PractitionerCalendar AnyCalendar(Random random, LocalDate from, LocalDate to)
    {
        var hours = new List<WeeklyHours>();
        foreach (var weekday in Enum.GetValues<IsoDayOfWeek>().Where(static d => d != IsoDayOfWeek.None))
        {
            for (var shift = random.Next(1, 3); shift > 0; shift--)
            {
                var start = new LocalTime(random.Next(0, 24), random.Next(0, 12) * 5);
                hours.Add(random.Next(8) switch
                {
                    0 => new WeeklyHours(weekday, LocalTime.Midnight, LocalTime.Midnight),
                    1 => new WeeklyHours(weekday, start, LocalTime.Midnight),
                    2 => new WeeklyHours(weekday, start, start.PlusMinutes(random.Next(1, 288) * 5)),
                    3 => new WeeklyHours(weekday, LocalTime.Midnight, new LocalTime(random.Next(1, 6), 0)),
                    4 => new WeeklyHours(weekday, new LocalTime(9, 0), new LocalTime(17, 0), from.PlusDays(random.Next(2)), to.PlusDays(-random.Next(2))),
                    _ => new WeeklyHours(weekday, new LocalTime(9, 0), new LocalTime(17, 30)),
                });
            }
        }

        var busy = Enumerable.Range(0, random.Next(0, 8)).Select(_ =>
        {
            var start = from.AtMidnight().InUtc().ToInstant() + Duration.FromMinutes(random.Next(-600, 3000));
            return new Interval(start, start + Duration.FromMinutes(random.Next(0, 240)));
        });
        return new PractitionerCalendar(1, "Dr. Ada Moss", hours, [.. busy]);
    }

    /// <summary>Days around every clock change, leap days, year ends, and a few others.</summary>
    private static IEnumerable<LocalDate> DaysThatMatter(DateTimeZone zone)
    {
        var span = new Interval(Instant.FromUtc(FirstYear, 1, 1, 0, 0), Instant.FromUtc(LastYear + 1, 1, 1, 0, 0));
        var changes = zone.GetZoneIntervals(span).Where(static z => z.HasEnd).SelectMany(static z => new[]
        {
            z.End.WithOffset(z.WallOffset).Date.PlusDays(-1), z.End.WithOffset(z.WallOffset).Date, z.End.WithOffset(z.WallOffset).Date.PlusDays(1),
        });
        var random = new Random(11);
        var fixedDays = Enumerable.Range(FirstYear, LastYear - FirstYear + 1).SelectMany(year => new[]
        {
            new LocalDate(year, 1, 1), new LocalDate(year, 2, 28), new LocalDate(year, 12, 31),
            new LocalDate(year, random.Next(1, 13), random.Next(1, 29)),
        });
        return changes.Concat(fixedDays).Concat([new LocalDate(2020, 2, 29), new LocalDate(2024, 2, 29), new LocalDate(2028, 2, 29)]).Distinct();
    }

    private static int Pick(Random random, params int[] choices) => choices[random.Next(choices.Length)];

    /// <summary>Stable over processes, unlike <see cref="System.HashCode"/>: a printed seed replays.</summary>
    private static int HashCode(string zone, LocalDate day, int variant) =>
        zone.Aggregate((day.Year * 1000) + (day.DayOfYear * 2) + variant, static (hash, c) => unchecked((hash * 31) + c));
}
