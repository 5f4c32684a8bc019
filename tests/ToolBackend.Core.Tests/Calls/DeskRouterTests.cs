using NodaTime;
using ToolBackend.Core.Business;
using ToolBackend.Core.Calls;

namespace ToolBackend.Core.Tests.Calls;

public sealed class DeskRouterTests
{
    private static readonly DateTimeZone s_seattle = DateTimeZoneProviders.Tzdb["America/Los_Angeles"];
    private static readonly Desk s_front = NewDesk("Front", 10, s_seattle, ["reception", "appointments"], (IsoDayOfWeek.Tuesday, 8, 18));
    private static readonly Desk s_billing = NewDesk("Billing", 20, s_seattle, ["billing"], (IsoDayOfWeek.Tuesday, 9, 17), (IsoDayOfWeek.Thursday, 9, 17));
    private static readonly Desk s_night = NewDesk("Night", 90, s_seattle, ["emergency", "reception"], [.. Enum.GetValues<IsoDayOfWeek>().Where(d => d is not IsoDayOfWeek.None).Select(d => (d, 0, 0))]);
    private static readonly Desk[] s_all = [s_night, s_billing, s_front];

    private static Desk NewDesk(string name, int priority, DateTimeZone zone, string[] skills, params (IsoDayOfWeek Day, int Opens, int Closes)[] hours) =>
        new(name, "+12065550110", skills, zone, priority, [.. hours.Select(h => new DeskHours(h.Day, new LocalTime(h.Opens, 0), new LocalTime(h.Closes, 0)))]);

    /// <summary>Tuesday, December 1st 2026, on Seattle's clock.</summary>
    private static Instant Tuesday(int hour, int minute = 0) => new LocalDateTime(2026, 12, 1, hour, minute).InZoneStrictly(s_seattle).ToInstant();

    [Fact]
    public void The_open_desk_with_the_skill_and_the_lowest_number_takes_the_call()
    {
        DeskRouter.Choose(s_all, ["billing"], Tuesday(10)).ShouldBe(s_billing);
        DeskRouter.Choose(s_all, ["Reception"], Tuesday(10)).ShouldBe(s_front);
        DeskRouter.Choose(s_all, ["unheard of", "emergency"], Tuesday(10)).ShouldBe(s_night);
    }

    [Fact]
    public void Without_the_skill_or_out_of_its_hours_the_best_open_desk_does()
    {
        DeskRouter.Choose(s_all, [], Tuesday(10)).ShouldBe(s_front);
        DeskRouter.Choose(s_all, ["billing"], Tuesday(8, 30)).ShouldBe(s_front);
        DeskRouter.Choose(s_all, ["billing"], Tuesday(18)).ShouldBe(s_night);
        DeskRouter.Choose([s_front, s_billing], ["billing"], Tuesday(18)).ShouldBeNull();
        DeskRouter.Choose([], ["billing"], Tuesday(10)).ShouldBeNull();
    }

    [Fact]
    public void Hours_include_their_beginning_and_not_their_end_and_midnight_closes_the_day()
    {
        DeskRouter.IsOpen(s_front, Tuesday(7, 59)).ShouldBeFalse();
        DeskRouter.IsOpen(s_front, Tuesday(8)).ShouldBeTrue();
        DeskRouter.IsOpen(s_front, Tuesday(17, 59)).ShouldBeTrue();
        DeskRouter.IsOpen(s_front, Tuesday(18)).ShouldBeFalse();
        DeskRouter.IsOpen(s_night, Tuesday(0)).ShouldBeTrue();
        DeskRouter.IsOpen(s_night, Tuesday(23, 59)).ShouldBeTrue();

        var late = NewDesk("Late", 1, s_seattle, [], (IsoDayOfWeek.Tuesday, 20, 0));
        DeskRouter.IsOpen(late, Tuesday(23, 59)).ShouldBeTrue();
        DeskRouter.IsOpen(late, Tuesday(19, 59)).ShouldBeFalse();
    }

    [Fact]
    public void Each_desk_lives_by_its_own_clock()
    {
        // 22:00 on Monday in Seattle is 06:00 on Tuesday in London; 10:00 there is 02:00 here.
        var london = NewDesk("London", 1, DateTimeZoneProviders.Tzdb["Europe/London"], ["reception"], (IsoDayOfWeek.Tuesday, 9, 17));
        DeskRouter.IsOpen(london, Tuesday(2)).ShouldBeTrue();
        DeskRouter.IsOpen(london, Tuesday(10)).ShouldBeFalse();
        DeskRouter.Choose([s_front, london], ["reception"], Tuesday(2)).ShouldBe(london);
    }

    [Fact]
    public void The_next_opening_is_found_within_a_week_also_on_the_same_weekday()
    {
        DeskRouter.NextOpening([s_front, s_billing], Tuesday(7))!.Value.ToInstant().ShouldBe(Tuesday(8));
        DeskRouter.NextOpening([s_front, s_billing], Tuesday(18))!.Value.ToInstant().ShouldBe(Tuesday(9) + Duration.FromDays(2));
        DeskRouter.NextOpening([s_front], Tuesday(18))!.Value.ToInstant().ShouldBe(Tuesday(8) + Duration.FromDays(7));
        DeskRouter.NextOpening([], Tuesday(18)).ShouldBeNull();
        DeskRouter.NextOpening([NewDesk("Never", 1, s_seattle, [])], Tuesday(18)).ShouldBeNull();
    }
}
