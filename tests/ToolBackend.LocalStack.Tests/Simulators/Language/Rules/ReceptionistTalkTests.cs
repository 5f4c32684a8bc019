namespace ToolBackend.LocalStack.Tests.Simulators.Language.Rules;

/// <summary>Whole conversations about appointments, with the sentences that our tools return.</summary>
public sealed class ReceptionistTalkTests
{
    private const string Offer = "For a check-up, there is time with Doctor Alice Nguyen on Thursday, December 3rd at 9 AM or 2:30 PM, or on Friday, December 4th at 10:15 AM. Ask which one suits.";
    private const string Booked = "Booked: Check-up with Doctor Alice Nguyen on Thursday, December 3rd at 9 AM. The reference is H R 7, 4 2 K.";
    private const string MoveQuestion =
        "Nothing is moved yet. Ask the caller: shall I move your check-up with Doctor Alice Nguyen from Thursday, December 3rd at 9 AM to Friday, December 4th at 10 AM? If they clearly say yes, call the tool again with the same new day and time and confirmed set to true.";
    private const string CancelQuestion =
        "Nothing is cancelled yet. Ask the caller: shall I cancel your check-up with Doctor Alice Nguyen on Thursday, December 3rd at 9 AM? If they clearly say yes, call the tool again with confirmed set to true.";

    [Fact]
    public void A_booking_asks_for_what_is_missing_offers_times_and_books_the_one_that_was_picked()
    {
        var talk = Talk.Receptionist();
        talk.Hear("Hi, I'd like to make an appointment please.").ShouldContain("What is the visit for?");
        talk.Hear("A check-up, some time next week.").ShouldBe("""find_open_slots {"service":"check-up","date":"next week"}""");
        talk.Result(Offer).ShouldBe("For a check-up, there is time with Doctor Alice Nguyen on Thursday, December 3rd at 9 AM or 2:30 PM, or on Friday, December 4th at 10:15 AM. Which one suits you best?");
        talk.Hear("The first one is good.").ShouldBe("""book_appointment {"service":"check-up","date":"Thursday, December 3rd","time":"9 AM","practitioner":"Doctor Alice Nguyen"}""");
        talk.Result("Nothing is booked yet: the caller has not been here before. Ask for their full name, then call the tool again with it.").ShouldEndWith("What is your full name?");
        talk.Hear("It's Maria Lopez.").ShouldBe("""book_appointment {"service":"check-up","date":"Thursday, December 3rd","time":"9 AM","practitioner":"Doctor Alice Nguyen","name":"Maria Lopez"}""");
        talk.Result(Booked).ShouldBe("Booked: Check-up with Doctor Alice Nguyen on Thursday, December 3rd at 9 AM. The reference is H R 7, 4 2 K. Is there anything else I can do for you?");
        talk.Hear("No, that's all. Thank you.").ShouldBe("endCall {}");
    }

    [Theory]
    [InlineData("Half past two would be great.", "Thursday, December 3rd", "2:30 PM")]
    [InlineData("Nine.", "Thursday, December 3rd", "9 AM")]
    [InlineData("The one on Friday.", "Friday, December 4th", "10:15 AM")]
    [InlineData("The second one.", "Thursday, December 3rd", "2:30 PM")]
    [InlineData("The earlier one, please.", "Thursday, December 3rd", "9 AM")]
    public void An_offered_time_can_be_picked_in_many_ways(string said, string day, string time)
    {
        var talk = Talk.Receptionist();
        talk.Hear("I need a check-up.").ShouldBe("""find_open_slots {"service":"check-up"}""");
        talk.Result(Offer);
        talk.Hear(said).ShouldBe($$"""book_appointment {"service":"check-up","date":"{{day}}","time":"{{time}}","practitioner":"Doctor Alice Nguyen"}""");
    }

    [Fact]
    public void A_correction_of_the_day_looks_again_and_a_time_of_ones_own_is_passed_on_as_it_was_said()
    {
        var talk = Talk.Receptionist();
        talk.Hear("I need a cleaning on Wednesday afternoon.").ShouldBe("""find_open_slots {"service":"cleaning","date":"Wednesday","partOfDay":"afternoon"}""");
        talk.Result("There is nothing free for a cleaning on Wednesday, December 2nd. There is time with Dana Whitfield on Friday, December 4th at 1 PM. Offer that.").ShouldEndWith("Would that suit you?");
        talk.Hear("No, Thursday.").ShouldBe("""find_open_slots {"service":"cleaning","date":"Thursday","partOfDay":"afternoon"}""");
        talk.Result("For a cleaning, there is time with Dana Whitfield on Thursday, December 3rd at 1 PM or 3 PM. Ask which one suits.");
        talk.Hear("Actually half past two.").ShouldBe("""book_appointment {"service":"cleaning","date":"Thursday","time":"half past two"}""");
    }

    [Fact]
    public void A_time_that_is_taken_leads_to_the_times_that_the_tool_suggests()
    {
        var talk = Talk.Receptionist();
        talk.Hear("Can I book a filling for Thursday at 2 p.m.?").ShouldBe("""book_appointment {"service":"filling","date":"Thursday","time":"2 p.m"}""");
        talk.Result("Thursday, December 3rd at 2 PM is not free. There is time on Thursday, December 3rd at 3 PM or 4 PM.")
            .ShouldBe("Thursday, December 3rd at 2 PM is not free. There is time on Thursday, December 3rd at 3 PM or 4 PM.");
        talk.Hear("Four is fine.").ShouldBe("""book_appointment {"service":"filling","date":"Thursday, December 3rd","time":"4 PM"}""");
    }

    [Fact]
    public void Moving_takes_two_steps_and_a_clear_yes()
    {
        var talk = Talk.Receptionist();
        talk.Hear("I have to move my appointment.").ShouldContain("What day and time");
        talk.Hear("Friday.").ShouldBe("What time on Friday would suit you?");
        talk.Hear("Ten in the morning.").ShouldBe("""reschedule_appointment {"newDate":"Friday","newTime":"Ten in the morning"}""");
        talk.Result(MoveQuestion).ShouldBe("Shall I move your check-up with Doctor Alice Nguyen from Thursday, December 3rd at 9 AM to Friday, December 4th at 10 AM?");
        talk.Hear("Hmm.").ShouldStartWith("Sorry, I need a clear yes or no. Shall I move");
        talk.Hear("Yes, please.").ShouldBe("""reschedule_appointment {"newDate":"Friday","newTime":"Ten in the morning","confirmed":true}""");
        talk.Result("Moved: Check-up with Doctor Alice Nguyen is now on Friday, December 4th at 10 AM. The reference stays the same.").ShouldStartWith("Moved: Check-up");
        talk.Hear("Goodbye.").ShouldBe("endCall {}");
    }

    [Fact]
    public void A_correction_instead_of_a_yes_asks_again_without_confirming()
    {
        var talk = Talk.Receptionist();
        talk.Hear("Please move my Thursday appointment to Friday at ten o'clock.").ShouldBe("""reschedule_appointment {"newDate":"Friday","newTime":"ten o'clock","date":"Thursday"}""");
        talk.Result(MoveQuestion);
        talk.Hear("Yes, but actually half past two.").ShouldBe("""reschedule_appointment {"newDate":"Friday","newTime":"half past two","date":"Thursday"}""");
    }

    [Fact]
    public void A_no_leaves_it_as_it_is()
    {
        var talk = Talk.Receptionist();
        talk.Hear("I want to cancel my appointment.").ShouldBe("cancel_appointment {}");
        talk.Result(CancelQuestion).ShouldBe("Shall I cancel your check-up with Doctor Alice Nguyen on Thursday, December 3rd at 9 AM?");
        talk.Hear("No, don't.").ShouldStartWith("All right, I'll leave it as it is.");
    }

    [Fact]
    public void A_yes_cancels_and_a_no_afterwards_ends_the_call()
    {
        var talk = Talk.Receptionist();
        talk.Hear("Cancel my appointment on Thursday.").ShouldBe("""cancel_appointment {"date":"Thursday"}""");
        talk.Result(CancelQuestion);
        talk.Hear("Yes, do that.").ShouldBe("""cancel_appointment {"date":"Thursday","confirmed":true}""");
        talk.Result("Cancelled: Check-up with Doctor Alice Nguyen on Thursday, December 3rd at 9 AM.").ShouldStartWith("Cancelled: Check-up");
        talk.Hear("No.").ShouldBe("endCall {}");
    }

    [Fact]
    public void After_a_booking_another_time_is_a_move()
    {
        var talk = Talk.Receptionist();
        talk.Hear("Book a check-up on Thursday at 9 AM.").ShouldBe("""book_appointment {"service":"check-up","date":"Thursday","time":"9 AM"}""");
        talk.Result(Booked);
        talk.Hear("Oh, actually half past two.").ShouldBe("""reschedule_appointment {"newDate":"Thursday","newTime":"half past two"}""");
    }

    [Fact]
    public void The_next_appointment_is_told_from_the_prompt_when_it_stands_there()
    {
        Talk.Receptionist("a check-up with Doctor Alice Nguyen on Thursday, December 3rd at 9 AM").Hear("When is my appointment?").ShouldBe("You have a check-up with Doctor Alice Nguyen on Thursday, December 3rd at 9 AM.");
        var talk = Talk.Receptionist();
        talk.Hear("When is my appointment?").ShouldBe("list_appointments {}");
        talk.Result("The caller has two appointments: a check-up with Doctor Alice Nguyen on Thursday, December 3rd at 9 AM and a cleaning with Dana Whitfield tomorrow at 1 PM.")
            .ShouldBe("You have two appointments: a check-up with Doctor Alice Nguyen on Thursday, December 3rd at 9 AM and a cleaning with Dana Whitfield tomorrow at 1 PM.");
    }

    [Fact]
    public void Still_working_is_said_and_the_same_call_is_made_again_until_a_person_is_offered()
    {
        const string Working = "I'm still working on that, it is taking longer than usual. Do not say that it is done: wait a moment, then call the same tool again to get the result.";
        const string Call = """This is taking a moment longer than usual. | book_appointment {"service":"check-up","date":"Thursday","time":"9 AM"}""";
        var talk = Talk.Receptionist();
        talk.Hear("Book a check-up on Thursday at 9 AM.");
        talk.Result(Working).ShouldBe(Call);
        talk.Result("I can't tell yet whether that went through. Do not say that it is done: call the same tool again in a moment to find out, or offer to transfer the caller to a person.").ShouldBe(Call);
        talk.Result(Working).ShouldContain("Shall I connect you to a person?");
        talk.Hear("Yes please.").ShouldBe("transferCall {}");
    }

    [Fact]
    public void A_failure_is_said_plainly_and_a_person_offered()
    {
        var talk = Talk.Receptionist();
        talk.Hear("When is my appointment?");
        talk.Result("I can't look that up right now. Apologize, and offer to try again in a moment or to transfer the caller to a person.").ShouldBe("I can't look that up right now. I'm sorry. Shall I connect you to a person?");
        talk.Hear("Yes.").ShouldBe("transferCall {}");
    }

    [Fact]
    public void An_appointment_under_another_phone_is_looked_up_with_reference_and_family_name()
    {
        var talk = Talk.Receptionist();
        talk.Hear("Cancel my appointment.");
        talk.Result("No appointment was found with that. For security, ask for the reference and the family name on the appointment, then call the tool again with both.").ShouldEndWith("the family name on it?");
        talk.Hear("The reference is H R 7 4 2 K and the name is Lopez.").ShouldBe("""cancel_appointment {"reference":"H R 7 4 2 K","name":"Lopez"}""");
    }

    [Theory]
    [InlineData("Can I talk to a real person?", "transferCall {}")]
    [InlineData("Please connect me to someone.", "transferCall {}")]
    [InlineData("Bye.", "endCall {}")]
    [InlineData("Where is my parcel?", "I can only help with appointments here. Shall I connect you to a person?")]
    [InlineData("Purple elephants.", "Sorry, I did not quite get that. How can I help you?")]
    public void Other_wishes(string said, string answer) => Talk.Receptionist().Hear(said).ShouldBe(answer);
}
