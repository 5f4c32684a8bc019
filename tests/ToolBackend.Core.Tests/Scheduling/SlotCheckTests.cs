using NodaTime;
using Shouldly;
using ToolBackend.Core.Scheduling;
using Xunit;

namespace ToolBackend.Core.Tests.Scheduling;

public sealed class SlotCheckTests
{
    private static readonly DateTimeZone NewYork = DateTimeZoneProviders.Tzdb["America/New_York"];
    private static readonly ServiceRules HalfHour = new(Duration.FromMinutes(30), Duration.FromMinutes(10));
    private static readonly Instant Now = Wall(2026, 12, 3, 8, 0);

    [Fact]
    public void A_free_time_fits_even_between_the_lines_of_the_grid() =>
        Check(3, 14, 7).ShouldBe(new SlotCheck.Fits(new Slot(1, "Ada", Wall(2026, 12, 3, 14, 7), Wall(2026, 12, 3, 14, 37))));

    [Fact]
    public void A_time_that_has_gone_is_past() => Check(3, 7, 30).ShouldBeOfType<SlotCheck.Past>();

    [Fact]
    public void A_time_within_the_notice_names_the_earliest_instant() =>
        Check(3, 9, 30).ShouldBeOfType<SlotCheck.TooSoon>().Earliest.ShouldBe(Wall(2026, 12, 3, 10, 0));

    [Fact]
    public void A_time_beyond_the_horizon_names_the_last_day() =>
        SlotFinder.Check(new LocalDateTime(2027, 6, 1, 10, 0), SlotRules.Default, HalfHour, Calendar(), NewYork, Now)
            .ShouldBeOfType<SlotCheck.TooFar>().LastDay.ShouldBe(new LocalDate(2027, 3, 3));

    [Theory]
    [InlineData(3, 16, 45)]
    [InlineData(3, 8, 59)]
    [InlineData(3, 22, 0)]
    public void A_visit_that_does_not_end_by_closing_is_outside_hours_and_names_them(int day, int hour, int minute)
    {
        var now = Wall(2026, 12, 1, 8, 0);

        SlotFinder.Check(new LocalDateTime(2026, 12, day, hour, minute), SlotRules.Default, HalfHour, Calendar(), NewYork, now)
            .ShouldBeOfType<SlotCheck.OutsideHours>().Hours.ShouldBe([(new LocalTime(9, 0), new LocalTime(17, 0))]);
    }

    [Fact]
    public void A_closed_day_names_no_hours() => Check(4, 10, 0).ShouldBeOfType<SlotCheck.OutsideHours>().Hours.ShouldBeEmpty();

    [Theory]
    [InlineData(11, 30)]
    [InlineData(12, 30)]
    public void A_booking_or_the_buffer_before_it_is_busy(int hour, int minute) => Check(3, hour, minute).ShouldBeOfType<SlotCheck.Busy>();

    [Fact]
    public void A_skipped_time_suggests_the_first_after_the_change() =>
        Sunday(new LocalDateTime(2027, 3, 14, 2, 30)).ShouldBeOfType<SlotCheck.NonexistentTime>().Suggestion.ShouldBe(new LocalDateTime(2027, 3, 14, 3, 0));

    [Fact]
    public void A_repeated_time_asks_which_and_gives_both()
    {
        var check = Sunday(new LocalDateTime(2026, 11, 1, 1, 30)).ShouldBeOfType<SlotCheck.AmbiguousTime>();

        (check.Later.Start - check.Earlier.Start).ShouldBe(Duration.FromHours(1));
    }

    [Fact]
    public void A_repeated_time_with_one_of_them_taken_is_the_other()
    {
        var earlier = Instant.FromUtc(2026, 11, 1, 5, 30);
        var check = Sunday(new LocalDateTime(2026, 11, 1, 1, 30), new Interval(earlier, earlier + Duration.FromMinutes(20)));

        check.ShouldBeOfType<SlotCheck.Fits>().Slot.Start.ShouldBe(Instant.FromUtc(2026, 11, 1, 6, 30));
    }

    [Fact]
    public void Among_several_practitioners_the_first_who_fits_is_taken()
    {
        var off = Calendar() with { PractitionerId = 2, Hours = [] };
        var busy = Calendar() with { PractitionerId = 3, Busy = [new Interval(null, null)] };

        Any(off, busy, Calendar()).ShouldBeOfType<SlotCheck.Fits>().Slot.PractitionerId.ShouldBe(1);
        Any(off, busy).ShouldBeOfType<SlotCheck.Busy>();
        Any(off).ShouldBeOfType<SlotCheck.OutsideHours>();
        Any().ShouldBeOfType<SlotCheck.OutsideHours>();

        static SlotCheck Any(params PractitionerCalendar[] calendars) =>
            SlotFinder.Check(new LocalDateTime(2026, 12, 3, 14, 0), SlotRules.Default, HalfHour, calendars, NewYork, Now);
    }

    private static SlotCheck Check(int day, int hour, int minute) =>
        SlotFinder.Check(new LocalDateTime(2026, 12, day, hour, minute), SlotRules.Default, HalfHour, Calendar(), NewYork, Now);

    private static SlotCheck Sunday(LocalDateTime start, params Interval[] busy) =>
        SlotFinder.Check(
            start,
            SlotRules.Default,
            HalfHour,
            new PractitionerCalendar(1, "Ada", [new WeeklyHours(IsoDayOfWeek.Sunday, new(0, 0), new(6, 0))], busy),
            NewYork,
            start.Date.PlusDays(-7).AtStartOfDayInZone(NewYork).ToInstant());

    private static PractitionerCalendar Calendar() => new(
        1,
        "Ada",
        [new WeeklyHours(IsoDayOfWeek.Thursday, new(9, 0), new(17, 0))],
        [new Interval(Wall(2026, 12, 3, 12, 0), Wall(2026, 12, 3, 12, 40))]);

    private static Instant Wall(int year, int month, int day, int hour, int minute) =>
        new LocalDateTime(year, month, day, hour, minute).InZoneStrictly(NewYork).ToInstant();
}
