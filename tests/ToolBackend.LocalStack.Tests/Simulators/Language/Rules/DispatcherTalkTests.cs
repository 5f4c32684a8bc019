namespace ToolBackend.LocalStack.Tests.Simulators.Language.Rules;

/// <summary>Whole conversations about parcels, with the sentences that our tools return.</summary>
public sealed class DispatcherTalkTests
{
    [Fact]
    public void Where_a_parcel_is_is_looked_up_and_a_delivery_changed()
    {
        var talk = Talk.Dispatcher();
        talk.Hear("Hello, where is my parcel?").ShouldBe("track_shipment {}");
        talk.Result("The parcel from Northwind Books is on its way to Seattle, last seen in Tacoma today at 6 AM. It is due tomorrow between 2 PM and 4 PM.")
            .ShouldBe("The parcel from Northwind Books is on its way to Seattle, last seen in Tacoma today at 6 AM. It is due tomorrow between 2 PM and 4 PM.");
        talk.Hear("Can I change the delivery?").ShouldBe("Would you like another day, a safe place, or a pick-up point?");
        talk.Hear("Please leave it on the back porch.").ShouldBe("""change_delivery {"safePlace":"on the back porch"}""");
        talk.Result("Done: the parcel from Northwind Books will be left on the back porch.").ShouldStartWith("Done: the parcel from Northwind Books will be left on the back porch.");
        talk.Hear("No thanks, bye.").ShouldBe("endCall {}");
    }

    [Theory]
    [InlineData("Can you deliver it on Friday instead?", """change_delivery {"newDate":"Friday"}""")]
    [InlineData("I want it delivered another day. Friday, please.", """change_delivery {"newDate":"Friday"}""")]
    [InlineData("Leave it with my neighbor, please.", """change_delivery {"safePlace":"with my neighbor"}""")]
    [InlineData("I'd like to pick it up at Green Lake Market.", """change_delivery {"pickupPoint":"Green Lake Market"}""")]
    [InlineData("Deliver it on Friday and leave it on the porch.", "I can change one thing at a time. Which matters more to you?")]
    public void A_change_is_one_of_three(string said, string answer) => Talk.Dispatcher().Hear(said).ShouldBe(answer);

    [Fact]
    public void A_new_wish_replaces_the_old_one_and_a_refused_day_is_answered_with_the_offer()
    {
        var talk = Talk.Dispatcher();
        talk.Hear("Deliver it on Sunday, please.").ShouldBe("""change_delivery {"newDate":"Sunday"}""");
        talk.Result("Nothing was changed: there is no delivery on Sundays. Offer Monday, December 7th instead.").ShouldBe("Nothing was changed: there is no delivery on Sundays. Would Monday, December 7th work instead?");
        talk.Hear("No, Tuesday.").ShouldBe("""change_delivery {"newDate":"Tuesday"}""");
    }

    [Fact]
    public void An_offered_day_is_taken_with_a_yes()
    {
        var talk = Talk.Dispatcher();
        talk.Hear("Deliver it on Sunday, please.");
        talk.Result("Nothing was changed: there is no delivery on Sundays. Offer Monday, December 7th instead.");
        talk.Hear("Yes, that works.").ShouldBe("""change_delivery {"newDate":"Monday, December 7th"}""");
    }

    [Theory]
    [InlineData("Where is my package? The tracking number is T B one oh four two.", "T B one oh four two")]
    [InlineData("Can you track TB1042 for me?", "TB1042")]
    public void A_number_is_passed_on_as_it_was_said(string said, string number) => Talk.Dispatcher().Hear(said).ShouldBe($$"""track_shipment {"trackingNumber":"{{number}}"}""");

    [Fact]
    public void The_parcel_that_was_looked_up_is_the_one_whose_delivery_is_changed()
    {
        var talk = Talk.Dispatcher();
        talk.Hear("Where is my parcel? The number is T B one oh four two.");
        talk.Result("The parcel from Northwind Books is on its way to Seattle.");
        talk.Hear("Please leave it on the back porch.").ShouldBe("""change_delivery {"trackingNumber":"T B one oh four two","safePlace":"on the back porch"}""");
    }

    [Fact]
    public void A_parcel_that_is_not_found_is_tried_again_with_number_and_name()
    {
        var talk = Talk.Dispatcher();
        talk.Hear("Where is my parcel T B nine nine nine nine?").ShouldBe("""track_shipment {"trackingNumber":"T B nine nine nine nine"}""");
        talk.Result("No parcel was found with that number for this caller. Ask them to read the tracking number once more, slowly, and the family name on the parcel, then call the tool again with both.")
            .ShouldBe("No parcel was found with that number. Could you tell me the number, slowly, and the family name on it?");
        talk.Hear("T B nine nine nine eight, and the name is Okafor.").ShouldBe("""track_shipment {"trackingNumber":"T B nine nine nine eight","name":"Okafor"}""");
    }

    [Fact]
    public void Several_parcels_are_told_and_one_is_asked_for()
    {
        var talk = Talk.Dispatcher();
        talk.Hear("Where's my parcel?");
        talk.Result("The caller has several parcels: one from Northwind Books, due tomorrow and one from Puget Audio, out for delivery now. Ask which one they mean.")
            .ShouldBe("You have several parcels: one from Northwind Books, due tomorrow and one from Puget Audio, out for delivery now. Which one do you mean?");
        talk.Hear("Number T B one oh four two.").ShouldBe("""track_shipment {"trackingNumber":"T B one oh four two"}""");
    }

    [Fact]
    public void When_it_comes_is_told_from_the_prompt_when_it_stands_there()
    {
        Talk.Dispatcher("one from Northwind Books, due tomorrow").Hear("When will my parcel come?").ShouldBe("Your parcel from Northwind Books is due tomorrow.");
        Talk.Dispatcher("one from Northwind Books, due tomorrow and one from Puget Audio, due today").Hear("When will my parcel come?").ShouldBe("track_shipment {}");
    }

    [Fact]
    public void All_parcels_are_listed_and_a_delay_is_apologized_for()
    {
        var talk = Talk.Dispatcher();
        talk.Hear("Which parcels do I have?").ShouldBe("list_shipments {}");
        talk.Result("As of ten minutes ago: The caller has one parcel from Rainier Garden, delayed.").ShouldBe("As of ten minutes ago: You have one parcel from Rainier Garden, delayed.");
        talk.Hear("Where is it, my parcel?").ShouldBe("track_shipment {}");
        talk.Result("The parcel from Rainier Garden is delayed. The new estimate is tomorrow. Apologize for the delay.").ShouldBe("The parcel from Rainier Garden is delayed. The new estimate is tomorrow. I'm sorry about the delay.");
    }

    [Fact]
    public void A_parcel_that_is_out_for_delivery_leads_to_a_person()
    {
        var talk = Talk.Dispatcher();
        talk.Hear("Please leave it in the garage.").ShouldBe("""change_delivery {"safePlace":"in the garage"}""");
        talk.Result("Nothing was changed: the parcel is already out for delivery. Offer to transfer the caller to a person.").ShouldEndWith("Shall I connect you to a person?");
        talk.Hear("Yes, please.").ShouldBe("transferCall {}");
    }

    [Fact]
    public void A_call_that_was_answered_is_made_again_only_when_that_is_asked_for()
    {
        var talk = Talk.Dispatcher();
        talk.Hear("Please leave it in the garage.");
        talk.Result("I couldn't reach the system, so nothing was changed. Say so plainly, and offer to try again in a moment or to transfer the caller to a person.").ShouldEndWith("Shall I connect you to a person?");
        talk.Hear("No.").ShouldBe("All right. Is there anything else I can do for you?");
        talk.Hear("Can you try again?").ShouldBe("""change_delivery {"safePlace":"in the garage"}""");
    }
}
