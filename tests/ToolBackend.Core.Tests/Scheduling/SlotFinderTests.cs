using System.Diagnostics;
using NodaTime;
using NodaTime.Text;
using Shouldly;
using ToolBackend.Core.Scheduling;
using Xunit;

namespace ToolBackend.Core.Tests.Scheduling;

public sealed class SlotFinderTests
{
    private static readonly DateTimeZone NewYork = DateTimeZoneProviders.Tzdb["America/New_York"];
    private static readonly ServiceRules HalfHour = new(Duration.FromMinutes(30), Duration.FromMinutes(10));
    private static readonly SlotRules HalfHourGrid = SlotRules.Default with { Grid = Duration.FromMinutes(30) };
    private static readonly LocalDate Thursday = new(2026, 12, 3);
    private static readonly Instant Now = At("2026-12-01T09:00");

    [Fact]
    public void A_day_is_offered_in_order_and_the_last_visit_ends_at_closing_although_its_buffer_does_not()
    {
        var found = Find(Open(9, 11));

        Walls(found).ShouldBe(["09:00", "09:30", "10:00", "10:30"]);
    }

    [Fact]
    public void A_booking_takes_its_time_and_the_buffer_of_the_visit_before_it()
    {
        var busy = new Interval(At("2026-12-03T10:00"), At("2026-12-03T10:40"));

        Walls(Find(Open(9, 12, busy))).ShouldBe(["09:00", "11:00", "11:30"]);
    }

    [Fact]
    public void Equal_starts_keep_the_order_of_the_practitioners_and_the_limit_cuts_the_latest()
    {
        var one = Open(9, 11) with { PractitionerId = 7, Name = "Kim" };
        var two = Open(9, 11);

        var found = SlotFinder.Find(new SlotQuery(Thursday, Thursday, Limit: 3), HalfHourGrid, HalfHour, [one, two], NewYork, Now);

        found.Select(static s => s.PractitionerId).ShouldBe([7, 1, 7]);
        Walls(found).ShouldBe(["09:00", "09:00", "09:30"]);
    }

    [Theory]
    [InlineData(PartOfDay.Morning, "11:30")]
    [InlineData(PartOfDay.Afternoon, "12:00,12:30")]
    [InlineData(PartOfDay.Evening, "")]
    public void A_part_of_the_day_is_decided_by_the_start(PartOfDay part, string expected)
    {
        var calendar = new PractitionerCalendar(1, "Ada", [new WeeklyHours(IsoDayOfWeek.Thursday, new(11, 30), new(13, 0))], []);

        var found = SlotFinder.Find(new SlotQuery(Thursday, Thursday, part), HalfHourGrid, HalfHour, [calendar], NewYork, Now);

        string.Join(',', Walls(found)).ShouldBe(expected);
    }

    [Fact]
    public void Earliest_and_latest_start_are_inclusive()
    {
        var query = new SlotQuery(Thursday, Thursday, NotBefore: new(9, 30), NotAfter: new(10, 0));

        Walls(SlotFinder.Find(query, HalfHourGrid, HalfHour, [Open(9, 12)], NewYork, Now)).ShouldBe(["09:30", "10:00"]);
    }

    [Fact]
    public void Minimum_notice_and_horizon_bound_the_offer()
    {
        var now = At("2026-12-03T08:15");
        var rules = HalfHourGrid with { HorizonDays = 7 };

        var found = SlotFinder.Find(new SlotQuery(new(2026, 1, 1), new(2027, 12, 31)), rules, HalfHour, [Open(9, 11)], NewYork, now);

        found.Select(static s => s.Start.InZone(NewYork).LocalDateTime.ToString("MM-dd HH:mm", null))
            .ShouldBe(["12-03 10:30", "12-10 09:00", "12-10 09:30", "12-10 10:00", "12-10 10:30"]);
    }

    [Fact]
    public void A_skipped_spring_hour_holds_no_slot_and_a_visit_runs_across_it_in_elapsed_time()
    {
        var found = Night(new LocalDate(2026, 3, 8), At("2026-03-01T09:00"));

        Walls(found).ShouldBe(["01:00", "01:30", "03:00", "03:30"]);
        found[1].End.InZone(NewYork).TimeOfDay.ShouldBe(new LocalTime(3, 0));
    }

    [Fact]
    public void A_repeated_autumn_hour_is_offered_twice()
    {
        var found = Night(new LocalDate(2026, 11, 1), At("2026-10-25T09:00"));

        Walls(found).ShouldBe(["01:00", "01:30", "01:00", "01:30", "02:00", "02:30", "03:00", "03:30"]);
        found.Select(static s => s.Start).ShouldBeUnique();
    }

    [Fact]
    public void A_day_that_a_country_skipped_holds_no_slot()
    {
        var apia = DateTimeZoneProviders.Tzdb["Pacific/Apia"];
        var hours = Enum.GetValues<IsoDayOfWeek>().Where(static d => d != IsoDayOfWeek.None)
            .Select(static d => new WeeklyHours(d, new(9, 0), new(10, 0))).ToList();
        var calendar = new PractitionerCalendar(1, "Ada", hours, []);

        var found = SlotFinder.Find(
            new SlotQuery(new(2011, 12, 29), new(2011, 12, 31)), HalfHourGrid, HalfHour, [calendar], apia, Instant.FromUtc(2011, 12, 20, 0, 0));

        found.Select(s => s.Start.InZone(apia).Day).ShouldBe([29, 29, 31, 31]);
    }

    [Fact]
    public void A_long_horizon_with_ten_practitioners_takes_well_under_a_millisecond_per_day()
    {
        var calendars = Enumerable.Range(1, 10).Select(static i => Open(0, 0) with
        {
            PractitionerId = i,
            Hours = [.. Enum.GetValues<IsoDayOfWeek>().Where(static d => d != IsoDayOfWeek.None).Select(static d => new WeeklyHours(d, new(9, 0), new(17, 0)))],
            Busy = [.. Enumerable.Range(0, 900).Select(static n => new Interval(Now + Duration.FromHours(n * 2), Now + Duration.FromMinutes((n * 120) + 40)))],
        }).ToList();
        var query = new SlotQuery(new(2026, 12, 1), new(2027, 2, 28));
        SlotFinder.Find(query, SlotRules.Default, HalfHour, calendars, NewYork, Now).Count.ShouldBeGreaterThan(1000);

        var best = Enumerable.Range(0, 40).Min(_ =>
        {
            var started = Stopwatch.GetTimestamp();
            SlotFinder.Find(query, SlotRules.Default, HalfHour, calendars, NewYork, Now);
            return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        });

        best.ShouldBeLessThan(90);
    }

    private static IReadOnlyList<Slot> Night(LocalDate sunday, Instant now)
    {
        var calendar = new PractitionerCalendar(1, "Ada", [new WeeklyHours(IsoDayOfWeek.Sunday, new(1, 0), new(4, 0))], []);
        return SlotFinder.Find(new SlotQuery(sunday, sunday), HalfHourGrid, HalfHour, [calendar], NewYork, now);
    }

    private static IReadOnlyList<Slot> Find(PractitionerCalendar calendar) =>
        SlotFinder.Find(new SlotQuery(Thursday, Thursday), HalfHourGrid, HalfHour, [calendar], NewYork, Now);

    private static PractitionerCalendar Open(int from, int to, params Interval[] busy) =>
        new(1, "Ada", [new WeeklyHours(IsoDayOfWeek.Thursday, new(from, 0), new(to, 0))], busy);

    private static IEnumerable<string> Walls(IReadOnlyList<Slot> slots) =>
        slots.Select(static s => s.Start.InZone(NewYork).TimeOfDay.ToString("HH:mm", null));

    private static Instant At(string local) =>
        LocalDateTimePattern.CreateWithInvariantCulture("uuuu-MM-dd'T'HH:mm").Parse(local).Value.InZoneStrictly(NewYork).ToInstant();
}
