using ToolBackend.Core.Tests.Tools;

namespace ToolBackend.Core.Tests.Appointments;

public sealed class CancelAppointmentTests(ToolDesk desk) : IClassFixture<ToolDesk>
{
    private const string ThenYes = " If they clearly say yes, call the tool again with confirmed set to true.";

    private Task<string> CancelAsync(object arguments, string? caller, string call, string? message = null) => desk.SayAsync("cancel_appointment", arguments, caller, call, message);

    private Task<string> StatusAsync(string reference) => desk.Database.ScalarAsync<string>($"select status from appointment where reference = '{reference}'");

    [Fact]
    public async Task The_only_appointment_is_cancelled_in_two_steps_and_a_second_yes_changes_nothing()
    {
        var call = desk.NewCall();
        var visit = $"with Doctor Alice Nguyen {ToolDesk.On(ToolDesk.Workday(3))} at 10 AM";
        (await CancelAsync(new { }, ToolDesk.Ana, call)).ShouldBe($"Nothing is cancelled yet. Ask the caller: shall I cancel your check-up {visit}?{ThenYes}");
        (await StatusAsync("HRB101")).ShouldBe("booked");

        (await CancelAsync(new { confirmed = true }, ToolDesk.Ana, call)).ShouldBe($"Cancelled: Check-up {visit}.");
        (await StatusAsync("HRB101")).ShouldBe("cancelled");
        (await CancelAsync(new { confirmed = true }, ToolDesk.Ana, call)).ShouldBe("That appointment is already cancelled. Nothing more needs to be done.");
        (await desk.SayAsync("reschedule_appointment", new { newDate = ToolDesk.Iso(ToolDesk.Tuesday), newTime = "10:00" }, ToolDesk.Ana)).ShouldBe(
            "That appointment was cancelled, so it cannot be moved. Offer to book a new one.");
        (await desk.CountAsync($"pending_confirmation where call_id = '{call}'")).ShouldBe(0);
    }

    [Fact]
    public async Task A_yes_without_a_question_or_in_the_asking_message_or_in_another_call_only_asks()
    {
        var call = desk.NewCall();
        const string Question = "Nothing is cancelled yet. Ask the caller: shall I cancel your consultation with Doctor Alice Nguyen ";
        (await CancelAsync(new { confirmed = true }, ToolDesk.Marcus, call, "one-message")).ShouldStartWith(Question);
        (await CancelAsync(new { confirmed = true }, ToolDesk.Marcus, call, "one-message")).ShouldStartWith(Question);
        (await CancelAsync(new { confirmed = true }, ToolDesk.Marcus, desk.NewCall())).ShouldStartWith(Question);
        (await CancelAsync(new { confirmed = "maybe" }, ToolDesk.Marcus, call)).ShouldStartWith(Question);
        (await StatusAsync("HRB201")).ShouldBe("booked");
    }

    [Fact]
    public async Task With_several_the_caller_is_asked_which_and_the_day_decides()
    {
        const string Caller = "+12065559200";
        var (one, two) = (ToolDesk.Tuesday, ToolDesk.Tuesday.PlusDays(1));
        foreach (var day in new[] { one, two })
        {
            await desk.SayAsync("book_appointment", new { service = "cleaning", date = ToolDesk.Iso(day), time = "9 AM", name = "Vera Twice" }, Caller);
        }

        var call = desk.NewCall();
        var (first, second) = ($"a cleaning with Dana Whitfield {ToolDesk.On(one)} at 9 AM", $"a cleaning with Dana Whitfield {ToolDesk.On(two)} at 9 AM");
        (await CancelAsync(new { }, Caller, call)).ShouldBe($"The caller has several appointments: {first}, and {second}. Ask which one they mean.");
        (await CancelAsync(new { date = ToolDesk.Iso(two.PlusDays(1)) }, Caller, call)).ShouldBe(
            $"The caller has no appointment {ToolDesk.On(two.PlusDays(1))}. They have {first}, and {second}. Ask which one they mean.");
        (await CancelAsync(new { date = "someday" }, Caller, call)).ShouldBe("I didn't catch the date. Which day would you like?");
        (await CancelAsync(new { date = ToolDesk.Iso(two) }, Caller, call)).ShouldBe(
            $"Nothing is cancelled yet. Ask the caller: shall I cancel your cleaning with Dana Whitfield {ToolDesk.On(two)} at 9 AM?{ThenYes}");
        (await CancelAsync(new { date = ToolDesk.Iso(two), confirmed = "yes" }, Caller, call)).ShouldBe($"Cancelled: Cleaning with Dana Whitfield {ToolDesk.On(two)} at 9 AM.");
        (await desk.CountAsync("appointment join customer using (customer_id) where phone = '" + Caller + "' and status = 'booked'")).ShouldBe(1);
    }

    [Fact]
    public async Task A_spoken_reference_and_a_near_miss_find_ones_own()
    {
        var call = desk.NewCall();
        var visit = $"cleaning with Dana Whitfield {ToolDesk.On(ToolDesk.Workday(2))} at 10 AM";
        (await CancelAsync(new { reference = "H R B, four oh one" }, ToolDesk.Tom, call)).ShouldBe($"Nothing is cancelled yet. Ask the caller: shall I cancel your {visit}?{ThenYes}");
        (await CancelAsync(new { reference = "HRB409", confirmed = true }, ToolDesk.Tom, call)).ShouldBe("Cancelled: C" + visit[1..] + ".");
        (await StatusAsync("HRB401")).ShouldBe("cancelled");
    }

    [Fact]
    public async Task From_another_phone_the_reference_needs_the_family_name()
    {
        var call = desk.NewCall();
        (await CancelAsync(new { reference = "HRB501" }, caller: null, call)).ShouldStartWith("No appointment was found with that. For security, ask for the reference and the family name");
        (await CancelAsync(new { reference = "HRB501", name = "Lindholm" }, caller: null, call)).ShouldStartWith("Nothing is cancelled yet.");
        (await CancelAsync(new { reference = "HRB501", name = "Lindholm", confirmed = true }, caller: null, call)).ShouldStartWith("Cancelled: Check-up with Doctor Alice Nguyen");
    }

    [Fact]
    public async Task Without_any_appointment_there_is_nothing_to_cancel()
    {
        (await CancelAsync(new { }, "+12065559299", desk.NewCall())).ShouldBe(
            "There is no upcoming appointment under this number. If the caller booked from another phone, ask for the reference and the family name on the appointment.");
        (await CancelAsync(new { }, caller: null, desk.NewCall())).ShouldStartWith("No appointment was found with that.");
    }
}
