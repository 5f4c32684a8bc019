using ToolBackend.LocalStack.Simulators.Twilio.Phone.Scripts;

namespace ToolBackend.LocalStack.Tests.Simulators.Twilio.Phone.Scripts;

public sealed class SpokenOffersTests
{
    [Fact]
    public void Times_are_heard_with_their_day_and_the_person_they_are_with()
    {
        const string Heard = "For a cleaning, there is time on Thursday, December third at nine AM with Dana Whitfield or ten fifteen AM with Doctor Ben Ortiz, or on Friday, December fourth at noon with Dana Whitfield. Which one suits you best?";
        SpokenOffers.Read(Heard).ShouldBe(
        [
            new SpokenOffer("Thursday, December third", "nine AM", "Dana Whitfield"),
            new SpokenOffer("Thursday, December third", "ten fifteen AM", "Doctor Ben Ortiz"),
            new SpokenOffer("Friday, December fourth", "noon", "Dana Whitfield"),
        ]);
    }

    [Fact]
    public void A_person_who_was_named_once_is_meant_for_all_times() =>
        SpokenOffers.Read("There is nothing free on Sunday, November twenty ninth. There is time with Dana Whitfield on Monday, November thirtieth at two forty five PM or four PM. Would that suit you?").ShouldBe(
        [
            new SpokenOffer("Monday, November thirtieth", "two forty five PM", "Dana Whitfield"), new SpokenOffer("Monday, November thirtieth", "four PM", "Dana Whitfield"),
        ]);

    [Theory]
    [InlineData("Booked. Cleaning with Dana Whitfield tomorrow at nine AM. The reference is H R, seven four, two K. Is there anything else?", "H R, seven four, two K")]
    [InlineData("That time is not free.", null)]
    public void A_reference_is_heard_as_it_is_said(string heard, string? reference) => SpokenOffers.Reference(heard).ShouldBe(reference);
}
