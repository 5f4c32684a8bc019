using NodaTime;
using ToolBackend.Core.Tests.Tools;

namespace ToolBackend.Core.Tests.Appointments;

public sealed class RescheduleAppointmentTests(ToolDesk desk) : IClassFixture<ToolDesk>
{
    private const string ThenYes = " If they clearly say yes, call the tool again with the same new day and time and confirmed set to true.";

    private Task<string> MoveAsync(object arguments, string? caller, string call) => desk.SayAsync("reschedule_appointment", arguments, caller, call);

    private Task<long> AtAsync(string reference, LocalDate day, string time) =>
        desk.CountAsync($"appointment where reference = '{reference}' and status = 'booked' and lower(visit) = '{ToolDesk.Iso(day)} {time} America/Los_Angeles'");

    [Fact]
    public async Task A_move_takes_two_steps_and_keeps_the_reference()
    {
        var call = desk.NewCall();
        var day = ToolDesk.Tuesday;
        var wish = new { newDate = ToolDesk.Iso(day), newTime = "2:30 PM" };
        (await MoveAsync(wish, ToolDesk.Ana, call)).ShouldBe(
            $"Nothing is moved yet. Ask the caller: shall I move your check-up with Doctor Alice Nguyen from {ToolDesk.Said(ToolDesk.Workday(3))} at 10 AM to {ToolDesk.Said(day)} at 2:30 PM?{ThenYes}");
        (await AtAsync("HRB101", ToolDesk.Workday(3), "10:00")).ShouldBe(1);

        // A yes to another time than the one asked about is a new question.
        (await MoveAsync(new { newDate = ToolDesk.Iso(day), newTime = "3 PM", confirmed = true }, ToolDesk.Ana, call)).ShouldStartWith("Nothing is moved yet.");
        (await MoveAsync(new { newDate = ToolDesk.Iso(day), newTime = "15:00", confirmed = true }, ToolDesk.Ana, call)).ShouldBe(
            $"Moved: Check-up with Doctor Alice Nguyen is now {ToolDesk.On(day)} at 3 PM. The reference stays the same.");
        (await AtAsync("HRB101", day, "15:00")).ShouldBe(1);

        (await MoveAsync(new { newDate = ToolDesk.Iso(day), newTime = "15:00", confirmed = true }, ToolDesk.Ana, call)).ShouldBe(
            $"Moved: Check-up with Doctor Alice Nguyen is now {ToolDesk.On(day)} at 3 PM. The reference stays the same.", "the same time again");
    }

    [Fact]
    public async Task A_taken_or_closed_time_leaves_the_appointment_as_it_was()
    {
        var call = desk.NewCall();
        var day = ToolDesk.Tuesday.PlusDays(1);
        await desk.SayAsync("book_appointment", new { service = "consultation", date = ToolDesk.Iso(day), time = "10:00", practitioner = "Nguyen", name = "Otto First" }, "+12065559301");

        (await MoveAsync(new { newDate = ToolDesk.Iso(day), newTime = "10:00" }, ToolDesk.Marcus, call)).ShouldStartWith(
            $"{ToolDesk.Said(day)} at 10 AM is not free. The appointment stays as it was. There is time {ToolDesk.On(day)} at ");
        var sunday = day.Next(IsoDayOfWeek.Sunday);
        (await MoveAsync(new { newDate = ToolDesk.Iso(sunday), newTime = "10:00" }, ToolDesk.Marcus, call)).ShouldStartWith($"Nobody works {ToolDesk.On(sunday)}. The appointment stays as it was.");
        (await MoveAsync(new { newDate = ToolDesk.Iso(day), newTime = "5:30" }, ToolDesk.Marcus, call)).ShouldStartWith("Do you mean 5:30 AM or 5:30 PM?");
        (await AtAsync("HRB201", ToolDesk.Workday(1), "11:00")).ShouldBe(1);
    }

    [Fact]
    public async Task Taken_between_question_and_yes_the_old_time_is_kept()
    {
        var call = desk.NewCall();
        var day = ToolDesk.Tuesday.PlusDays(2);
        var wish = new { newDate = ToolDesk.Iso(day), newTime = "9 AM", confirmed = true };
        (await MoveAsync(wish, ToolDesk.Tom, call)).ShouldStartWith("Nothing is moved yet.");
        await desk.SayAsync("book_appointment", new { service = "cleaning", date = ToolDesk.Iso(day), time = "9 AM", name = "Quick Hand" }, "+12065559302");

        (await MoveAsync(wish, ToolDesk.Tom, call)).ShouldStartWith($"{ToolDesk.Said(day)} at 9 AM is not free. The appointment stays as it was.");
        (await AtAsync("HRB401", ToolDesk.Workday(2), "10:00")).ShouldBe(1);
    }

    [Fact]
    public async Task Another_person_is_named_in_the_question_and_the_answer()
    {
        var call = desk.NewCall();
        var day = ToolDesk.Tuesday.PlusDays(3);
        (await MoveAsync(new { newDate = ToolDesk.Iso(day), newTime = "9 AM", practitioner = "Ortiz" }, ToolDesk.Grace, call)).ShouldBe(
            $"Nothing is moved yet. Ask the caller: shall I move your check-up with Doctor Alice Nguyen from {ToolDesk.Said(ToolDesk.Workday(3))} at 1:40 PM to {ToolDesk.Said(day)} at 9 AM with Doctor Ben Ortiz?{ThenYes}");
        (await MoveAsync(new { newDate = ToolDesk.Iso(day), newTime = "9 AM", practitioner = "Ortiz", confirmed = true }, ToolDesk.Grace, call)).ShouldBe(
            $"Moved: Check-up with Doctor Ben Ortiz is now {ToolDesk.On(day)} at 9 AM. The reference stays the same.");
        (await MoveAsync(new { newDate = ToolDesk.Iso(day), newTime = "9 AM", practitioner = "Whitfield" }, ToolDesk.Grace, call)).ShouldBe(
            "There is no such person for a check-up here. There is Doctor Alice Nguyen or Doctor Ben Ortiz. Ask the caller which one they want.");
        (await AtAsync("HRB501", day, "09:00")).ShouldBe(1);
    }

    [Fact]
    public async Task By_a_few_minutes_an_appointment_may_overlap_its_own_old_place()
    {
        var call = desk.NewCall();
        var day = ToolDesk.Workday(3);
        var wish = new { newDate = ToolDesk.Iso(day), newTime = "9:30 AM", confirmed = true };
        (await MoveAsync(wish, ToolDesk.Priya, call)).ShouldStartWith("Nothing is moved yet.");
        (await MoveAsync(wish, ToolDesk.Priya, call)).ShouldBe($"Moved: Check-up with Doctor Ben Ortiz is now {ToolDesk.On(day)} at 9:30 AM. The reference stays the same.");
        (await AtAsync("HRB301", day, "09:30")).ShouldBe(1);
    }

    [Fact]
    public async Task Without_an_appointment_or_a_new_time_nothing_moves()
    {
        (await MoveAsync(new { newDate = ToolDesk.Iso(ToolDesk.Tuesday), newTime = "10:00" }, "+12065559399", desk.NewCall())).ShouldStartWith("There is no upcoming appointment under this number.");
        (await MoveAsync(new { newDate = ToolDesk.Iso(ToolDesk.Tuesday) }, ToolDesk.Ana, desk.NewCall())).ShouldBe(
            "The argument newTime is missing. Ask the caller for it, then call the tool again.");
    }
}
