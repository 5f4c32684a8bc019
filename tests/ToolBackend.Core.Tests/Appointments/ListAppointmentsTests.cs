using ToolBackend.Core.Tests.Tools;

namespace ToolBackend.Core.Tests.Appointments;

public sealed class ListAppointmentsTests(ToolDesk desk) : IClassFixture<ToolDesk>
{
    private const string Unproven =
        "No appointment was found with that. For security, ask for the reference and the family name on the appointment, then call the tool again with both.";

    private Task<string> ListAsync(object arguments, string? caller = ToolDesk.Ana) => desk.SayAsync("list_appointments", arguments, caller);

    [Fact]
    public async Task The_callers_own_appointments_are_told_without_asking() =>
        (await ListAsync(new { })).ShouldBe($"The caller has one appointment: a check-up with Doctor Alice Nguyen {ToolDesk.On(ToolDesk.Workday(3))} at 10 AM.");

    [Fact]
    public async Task More_than_four_are_not_all_read_out()
    {
        const string Caller = "+12065559100";
        for (var i = 0; i < 5; i++)
        {
            await desk.SayAsync("book_appointment", new { service = "cleaning", date = ToolDesk.Iso(ToolDesk.Tuesday), time = $"{(i < 3 ? 9 + i : 11 + i)}:00", name = "Lee Many" }, Caller);
        }

        var said = await ListAsync(new { }, Caller);
        said.ShouldStartWith($"The caller has five appointments. The next four are a cleaning with Dana Whitfield {ToolDesk.On(ToolDesk.Tuesday)} at 9 AM; ");
        said.ShouldEndWith($"; and a cleaning with Dana Whitfield {ToolDesk.On(ToolDesk.Tuesday)} at 2 PM.");
    }

    [Fact]
    public async Task A_number_without_appointments_is_offered_one()
    {
        const string None = "There is no upcoming appointment under this number. Offer to book one; if the caller booked from another phone, ask for the reference and the family name.";
        (await ListAsync(new { }, "+12065559199")).ShouldBe(None);
        (await ListAsync(new { }, caller: null)).ShouldBe(Unproven);
    }

    [Fact]
    public async Task From_another_phone_the_reference_and_the_family_name_open_the_appointment_together()
    {
        var told = $"The caller has one appointment: a check-up with Doctor Alice Nguyen {ToolDesk.On(ToolDesk.Workday(3))} at 10 AM.";
        (await ListAsync(new { reference = "H R B one oh one", name = "Mrs. Silva" }, caller: null)).ShouldBe(told);
        (await ListAsync(new { reference = "hrb-101", name = "silva ana" }, ToolDesk.Tom)).ShouldBe(told);

        const string Stranger = "+12065559155";
        (await ListAsync(new { reference = "HRB101" }, Stranger)).ShouldBe(Unproven);
        (await ListAsync(new { reference = "HRB101", name = "Ana" }, Stranger)).ShouldBe(Unproven);
        (await ListAsync(new { reference = "HRB109", name = "Silva" }, Stranger)).ShouldBe(Unproven);
    }

    [Fact]
    public async Task A_near_miss_counts_among_ones_own_only()
    {
        (await ListAsync(new { reference = "HRB five oh one" }, ToolDesk.Grace)).ShouldStartWith("The caller has one appointment: a check-up");
        (await ListAsync(new { reference = "HRB5O9" }, ToolDesk.Grace)).ShouldStartWith("The caller has one appointment: a check-up");
        (await ListAsync(new { reference = "HRB5O9", name = "Lindholm" }, ToolDesk.Priya)).ShouldBe(Unproven);
    }

    [Fact]
    public async Task Guessing_references_ends_after_ten_misses()
    {
        const string Guesser = "+12065559150";
        var call = desk.NewCall();
        for (var i = 0; i < 10; i++)
        {
            (await desk.SayAsync("list_appointments", new { reference = $"HRB90{i}", name = "Silva" }, Guesser, call)).ShouldBe(Unproven);
        }

        const string Enough = "For security I can't look up any more records on this call. Offer to transfer the caller to a person.";
        (await desk.SayAsync("list_appointments", new { reference = "HRB101", name = "Silva" }, Guesser, call)).ShouldBe(Enough);
        (await desk.SayAsync("list_appointments", new { reference = "HRB101", name = "Silva" }, Guesser, desk.NewCall())).ShouldBe(Enough, "another call from the same number");
        (await desk.SayAsync("list_appointments", new { }, Guesser, call)).ShouldStartWith("There is no upcoming appointment under this number.");
    }
}
