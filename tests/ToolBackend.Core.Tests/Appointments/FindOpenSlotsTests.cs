using NodaTime;
using ToolBackend.Core.Tests.Tools;

namespace ToolBackend.Core.Tests.Appointments;

public sealed class FindOpenSlotsTests(ToolDesk desk) : IClassFixture<ToolDesk>
{
    private static readonly LocalDate s_day = ToolDesk.Tuesday;

    private Task<string> FindAsync(object arguments) => desk.SayAsync("find_open_slots", arguments);

    [Fact]
    public async Task Without_a_service_the_caller_is_asked_which()
    {
        (await FindAsync(new { })).ShouldBe("Ask which kind of appointment the caller wants: Check-up, Cleaning, Consultation, or Filling.");
        (await FindAsync(new { service = "tattoo" })).ShouldBe(
            "There is no such kind of appointment here. There is Check-up, Cleaning, Consultation, or Filling. Ask the caller which one they want.");
        (await FindAsync(new { service = "c" })).ShouldBe("More than one kind of appointment fits that. Ask which one: Check-up, Cleaning, or Consultation.");
    }

    [Fact]
    public async Task Without_a_day_the_next_days_are_searched()
    {
        var said = await FindAsync(new { service = "a cleaning" });
        said.ShouldStartWith("For a cleaning, there is time with Dana Whitfield ");
        said.ShouldEndWith(". Ask which one suits.");
    }

    [Fact]
    public async Task A_day_of_one_person_is_offered_with_the_name_said_once() =>
        (await FindAsync(new { service = "cleaning", date = ToolDesk.Iso(s_day) })).ShouldBe(
            $"For a cleaning, there is time with Dana Whitfield {ToolDesk.On(s_day)} at 9 AM, 1:15 PM, or 4:45 PM. Ask which one suits.");

    [Fact]
    public async Task Part_of_day_earliest_time_and_person_narrow_the_offer()
    {
        (await FindAsync(new { service = "cleaning", date = ToolDesk.Iso(s_day), partOfDay = "afternoon", notBefore = "4:30" })).ShouldBe(
            $"For a cleaning, there is time with Dana Whitfield {ToolDesk.On(s_day)} at 4:30 PM or 4:45 PM. Ask which one suits.");
        (await FindAsync(new { service = "check-up", date = ToolDesk.Iso(s_day), partOfDay = "morning", practitioner = "Dr. Ortiz", notBefore = "11:30 AM" })).ShouldBe(
            $"For a check-up, there is time with Doctor Ben Ortiz {ToolDesk.On(s_day)} at 11:30 AM. Ask whether that suits.");
        (await FindAsync(new { service = "cleaning", practitioner = "Nguyen" })).ShouldBe(
            "There is no such person for a cleaning here. There is Dana Whitfield. Ask the caller which one they want.");
        (await FindAsync(new { service = "cleaning", notBefore = "whenever" })).ShouldBe(
            "The earliest time was not understood. Ask the caller for the time of day they can come.");
    }

    [Fact]
    public async Task A_range_is_spread_over_its_days()
    {
        var said = await FindAsync(new { service = "cleaning", date = ToolDesk.Iso(s_day), dateTo = ToolDesk.Iso(s_day.PlusDays(2)) });
        said.ShouldStartWith($"For a cleaning, there is time with Dana Whitfield {ToolDesk.On(s_day)} at 9 AM; ");
        said.ShouldContain(ToolDesk.On(s_day.PlusDays(1)));
        said.ShouldContain(ToolDesk.On(s_day.PlusDays(2)));
    }

    [Fact]
    public async Task A_closed_day_and_an_empty_evening_lead_to_the_nearest_free_times()
    {
        var sunday = s_day.Next(IsoDayOfWeek.Sunday);
        (await FindAsync(new { service = "cleaning", date = ToolDesk.Iso(sunday) })).ShouldStartWith(
            $"There is nothing free for a cleaning {ToolDesk.On(sunday)}. There is time with Dana Whitfield {ToolDesk.On(sunday.PlusDays(1))} at 9 AM");
        (await FindAsync(new { service = "filling", date = ToolDesk.Iso(s_day), partOfDay = "evening" })).ShouldStartWith(
            $"There is nothing free for a filling at that time {ToolDesk.On(s_day)}. There is time with Doctor Ben Ortiz {ToolDesk.On(s_day)} at 8 AM");
    }

    [Fact]
    public async Task A_day_beyond_the_horizon_says_how_far_ahead_is_possible() =>
        (await FindAsync(new { service = "cleaning", date = ToolDesk.Iso(ToolDesk.Today.PlusDays(120)) })).ShouldBe(
            $"There is nothing free for a cleaning {ToolDesk.On(ToolDesk.Today.PlusDays(120))}. Appointments can be made until {ToolDesk.Said(ToolDesk.Today.PlusDays(90))}. Ask for an earlier date.");

    [Fact]
    public async Task A_past_or_unclear_day_is_asked_again()
    {
        (await FindAsync(new { service = "cleaning", date = "the other day" })).ShouldBe("I didn't catch the date. Which day would you like?");
        (await FindAsync(new { service = "cleaning", date = ToolDesk.Iso(s_day), dateTo = "2020-01-01" })).ShouldEndWith("Which day would you like?");
    }

    [Fact]
    public async Task What_was_booked_a_moment_ago_is_not_offered()
    {
        var day = s_day.PlusDays(8);
        await desk.SayAsync("book_appointment", new { service = "cleaning", date = ToolDesk.Iso(day), time = "9 AM" });
        (await FindAsync(new { service = "cleaning", date = ToolDesk.Iso(day) })).ShouldStartWith($"For a cleaning, there is time with Dana Whitfield {ToolDesk.On(day)} at 10 AM");
    }
}
