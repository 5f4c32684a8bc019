using NodaTime;
using ToolBackend.Core.Tests.Tools;

namespace ToolBackend.Core.Tests.Appointments;

public sealed class BookAppointmentTests(ToolDesk desk) : IClassFixture<ToolDesk>
{
    private static readonly LocalDate s_day = ToolDesk.Tuesday;

    private Task<string> BookAsync(object arguments, string? caller = ToolDesk.Ana, string? call = null) => desk.SayAsync("book_appointment", arguments, caller, call);

    private static object Wish(string service, LocalDate day, string time, string? practitioner = null, string? name = null) =>
        new { service, date = ToolDesk.Iso(day), time, practitioner, name };

    private Task<long> BookedByAsync(string phone) => desk.CountAsync($"appointment join customer using (customer_id) where phone = '{phone}' and status = 'booked'");

    [Fact]
    public async Task A_new_caller_is_asked_for_their_name_and_then_becomes_a_customer_with_a_booking()
    {
        const string NewCaller = "+12065559001";
        (await BookAsync(Wish("cleaning", s_day, "10:00"), NewCaller)).ShouldBe(
            "Nothing is booked yet: the caller has not been here before. Ask for their full name, then call the tool again with it.");
        (await desk.CountAsync($"customer where phone = '{NewCaller}'")).ShouldBe(0);

        var said = await BookAsync(Wish("cleaning", s_day, "10:00", name: "Nora Quist"), NewCaller);

        said.ShouldMatch($"^Booked: Cleaning with Dana Whitfield {ToolDesk.On(s_day)} at 10 AM\\. The reference is [A-Z] [A-Z], \\d \\d, \\d \\d \\d\\.$");
        (await desk.Database.ScalarAsync<string>($"select name from customer where phone = '{NewCaller}'")).ShouldBe("Nora Quist");
        (await BookedByAsync(NewCaller)).ShouldBe(1);
    }

    [Fact]
    public async Task A_known_caller_needs_no_name_and_the_reference_they_hear_is_the_one_stored()
    {
        var said = await BookAsync(Wish("filling", s_day, "8:00 AM"), ToolDesk.Grace);

        said.ShouldStartWith($"Booked: Filling with Doctor Ben Ortiz {ToolDesk.On(s_day)} at 8 AM. The reference is ");
        var reference = await desk.Database.ScalarAsync<string>("select reference from appointment join service using (service_id) where service.name = 'Filling' and status = 'booked'");
        string.Concat(said[said.IndexOf(" is ", StringComparison.Ordinal)..].Where(char.IsAsciiLetterUpper)).ShouldBe(reference[..2]);
        string.Concat(said[said.IndexOf(" is ", StringComparison.Ordinal)..].Where(char.IsAsciiDigit)).ShouldBe(reference[2..]);
    }

    [Fact]
    public async Task A_taken_time_is_refused_with_other_times_and_no_name_of_who_has_it()
    {
        var day = s_day.PlusDays(1);
        await BookAsync(Wish("cleaning", day, "11:00"), ToolDesk.Grace);

        var said = await BookAsync(Wish("cleaning", day, "11:15"), ToolDesk.Tom);

        said.ShouldStartWith($"{ToolDesk.Said(day)} at 11:15 AM is not free. There is time {ToolDesk.On(day)} at ");
        said.ShouldEndWith(".");
        said.ShouldNotContain("Grace");
        (await desk.CountAsync($"appointment where booked_in_call is not null and status = 'booked' and lower(visit) = '{ToolDesk.Iso(day)} 11:15 America/Los_Angeles'")).ShouldBe(0);
    }

    [Fact]
    public async Task When_the_first_practitioner_is_busy_the_second_takes_the_visit()
    {
        var day = s_day.PlusDays(2);
        (await BookAsync(Wish("check-up", day, "10:00", name: "A A"), "+12065559010")).ShouldContain("with Doctor Alice Nguyen");
        (await BookAsync(Wish("check up", day, "10:00", name: "B B"), "+12065559011")).ShouldStartWith($"Booked: Check-up with Doctor Ben Ortiz {ToolDesk.On(day)} at 10 AM.");
        (await BookAsync(Wish("checkup", day, "10:00", name: "C C"), "+12065559012")).ShouldStartWith($"{ToolDesk.Said(day)} at 10 AM is not free. There is time ");
        (await desk.Database.OverlapsAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task Outside_opening_hours_and_over_lunch_the_hours_are_said()
    {
        var hours = $"does not fit into the opening hours, which are 9 AM to 12:30 PM and 1:15 PM to 5:30 PM {ToolDesk.On(s_day)}. There is time ";
        (await BookAsync(Wish("cleaning", s_day, "8 PM"), ToolDesk.Tom)).ShouldStartWith("A cleaning at 8 PM " + hours);
        (await BookAsync(Wish("cleaning", s_day, "12:30 PM"), ToolDesk.Tom)).ShouldStartWith("A cleaning at 12:30 PM " + hours);
    }

    [Fact]
    public async Task A_day_on_which_nobody_works_is_refused_with_times_on_other_days()
    {
        var sunday = s_day.Next(IsoDayOfWeek.Sunday);
        (await BookAsync(Wish("cleaning", sunday, "10 AM"), ToolDesk.Tom)).ShouldStartWith($"Nobody works {ToolDesk.On(sunday)}. There is time {ToolDesk.On(sunday.PlusDays(1))} at ");
    }

    [Fact]
    public async Task Times_too_soon_past_or_too_far_are_refused()
    {
        // Five minutes ahead on the clinic's clock is too soon whatever the hours are; near midnight it would be tomorrow, which is too soon as well.
        var soon = ToolDesk.Now.Plus(Duration.FromMinutes(5)).InZone(ToolDesk.Zone).LocalDateTime;
        (await BookAsync(Wish("cleaning", soon.Date, soon.ToString("h:mm tt", null)), ToolDesk.Tom)).ShouldStartWith("That is too soon: appointments need 2 hours of notice.");

        var gone = ToolDesk.Now.Minus(Duration.FromMinutes(5)).InZone(ToolDesk.Zone).LocalDateTime;
        var past = await BookAsync(Wish("cleaning", gone.Date, gone.ToString("h:mm tt", null)), ToolDesk.Tom);
        (past.EndsWith("is already past. Ask for another time.", StringComparison.Ordinal) || past.EndsWith("Which day would you like?", StringComparison.Ordinal)).ShouldBeTrue(past);

        var last = ToolDesk.Today.PlusDays(90);
        (await BookAsync(Wish("cleaning", last.PlusDays(1), "10:00"), ToolDesk.Tom)).ShouldBe(
            $"That is too far ahead: appointments can be made until {ToolDesk.Said(last)}. Ask for an earlier date.");

        var yesterday = ToolDesk.Today.PlusDays(-1);
        (await BookAsync(Wish("cleaning", yesterday, "10:00"), ToolDesk.Tom)).ShouldBe(
            $"{Core.Speech.Phrases.DayAndYear(yesterday)} is already past. Today is {Core.Speech.Phrases.DayAndYear(ToolDesk.Today)}. Which day would you like?");
    }

    [Fact]
    public async Task What_was_not_understood_is_asked_again()
    {
        (await BookAsync(new { service = "cleaning", date = "whenever", time = "10:00" })).ShouldBe("I didn't catch the date. Which day would you like?");
        (await BookAsync(new { service = "cleaning", date = ToolDesk.Iso(s_day), time = "later" })).ShouldBe("I didn't catch the time. What time would you like?");
        (await BookAsync(new { service = "cleaning", date = ToolDesk.Iso(s_day), time = "afternoon" })).ShouldBe("What time in the afternoon or evening would you like?");
        (await BookAsync(new { service = "cleaning", date = ToolDesk.Iso(s_day), time = "6:30" })).ShouldBe("Do you mean 6:30 AM or 6:30 PM?");
        (await BookAsync(new { service = "cleaning", date = ToolDesk.Iso(s_day) })).ShouldBe("The argument time is missing. Ask the caller for it, then call the tool again.");
        (await BookAsync(new { service = "haircut", date = ToolDesk.Iso(s_day), time = "10:00" })).ShouldStartWith("There is no such kind of appointment here. There is ");
    }

    [Fact]
    public async Task A_half_hour_without_am_or_pm_is_the_one_that_is_open()
    {
        var day = s_day.PlusDays(3);
        (await BookAsync(Wish("cleaning", day, "2:30"), ToolDesk.Tom)).ShouldStartWith($"Booked: Cleaning with Dana Whitfield {ToolDesk.On(day)} at 2:30 PM.");
    }

    [Fact]
    public async Task The_same_wish_again_is_confirmed_again_but_another_wish_at_that_time_is_not()
    {
        const string Caller = "+12065559020";
        var day = s_day.PlusDays(6);
        var first = await BookAsync(Wish("check-up", day, "3 PM", "Nguyen", "Ida Moe"), Caller);
        first.ShouldStartWith("Booked: Check-up with Doctor Alice Nguyen");
        (await BookAsync(Wish("check-up", day, "15:00"), Caller)).ShouldBe(first);

        (await BookAsync(Wish("cleaning", day, "3 PM"), Caller)).ShouldBe(
            $"Nothing was booked: the caller already has a check-up with Doctor Alice Nguyen {ToolDesk.On(day)} at 3 PM. Ask for another time.");
        (await BookedByAsync(Caller)).ShouldBe(1);
    }

    [Fact]
    public async Task A_number_with_six_upcoming_appointments_gets_no_seventh()
    {
        const string Caller = "+12065559030";
        for (var i = 0; i < 6; i++)
        {
            (await BookAsync(Wish("consultation", s_day.PlusDays(7), $"{13 + (i / 2)}:{i % 2 * 30:00}", "Nguyen", "Max Many"), Caller)).ShouldStartWith("Booked:");
        }

        (await BookAsync(Wish("consultation", s_day.PlusDays(8), "10:00"), Caller)).ShouldBe(
            "Nothing was booked: this number already has six upcoming appointments, which is the most it can have. Offer to move or cancel one of them, or to transfer the caller to a person.");
        (await BookedByAsync(Caller)).ShouldBe(6);
    }

    [Fact]
    public async Task A_caller_without_a_number_cannot_book()
    {
        (await BookAsync(Wish("cleaning", s_day, "15:00", name: "Web Caller"), caller: null)).ShouldBe(
            "Nothing was booked: the caller's phone number is not visible on this call, so it cannot be booked here. Offer to transfer the caller to a person.");
        (await desk.CountAsync("customer where name = 'Web Caller'")).ShouldBe(0);
    }

    [Fact]
    public async Task Without_a_call_id_nothing_can_be_booked()
    {
        var answer = await desk.Node.CallAsync("book_appointment", $$"""{"service":"cleaning","date":"{{ToolDesk.Iso(s_day)}}","time":"15:00"}""", "", "t1", ToolDesk.Tom);
        answer.ShouldBe(new("I can't make changes on this call. Offer to transfer the caller to a person.", true));
    }

    [Fact]
    public async Task An_overlong_name_is_cut_between_characters()
    {
        const string Caller = "+12065559040";
        var name = new string('n', 119) + "\U0001F600\U0001F600";
        (await BookAsync(Wish("consultation", s_day.PlusDays(9), "10:00", "Ortiz", name), Caller)).ShouldStartWith("Booked:");
        (await desk.Database.ScalarAsync<string>($"select name from customer where phone = '{Caller}'")).ShouldBe(new string('n', 119));
    }
}
