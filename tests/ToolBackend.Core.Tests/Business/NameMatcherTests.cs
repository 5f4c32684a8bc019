using ToolBackend.Core.Business;

namespace ToolBackend.Core.Tests.Business;

public sealed class NameMatcherTests
{
    private static readonly string[] s_people = ["Doctor Alice Nguyen", "Doctor Ben Ortiz", "Dana Whitfield"];
    private static readonly string[] s_services = ["Check-up", "Cleaning", "Deep Cleaning", "Consultation"];

    [Theory]
    [InlineData("nguyen", "Doctor Alice Nguyen")]
    [InlineData("Dr. Nguyễn", "Doctor Alice Nguyen")]
    [InlineData("doctor ben", "Doctor Ben Ortiz")]
    [InlineData("Ortiz, Ben", "Doctor Ben Ortiz")]
    [InlineData("whit", "Dana Whitfield")]
    [InlineData("an appointment with Dana", "Dana Whitfield")]
    public void People_are_found_by_any_of_their_names(string spoken, string expected) => One(spoken, s_people).ShouldBe(expected);

    [Theory]
    [InlineData("check up", "Check-up")]
    [InlineData("checkup", "Check-up")]
    [InlineData("check-up", "Check-up")]
    [InlineData("a checkup", "Check-up")]
    [InlineData("cleaning", "Cleaning")]
    [InlineData("deep cleaning", "Deep Cleaning")]
    [InlineData("consultations", "Consultation")]
    public void Services_are_found_however_they_are_written(string spoken, string expected) => One(spoken, s_services).ShouldBe(expected);

    [Theory]
    [InlineData("doctor")]
    [InlineData("")]
    [InlineData("...")]
    [InlineData("Alice Ortiz")]
    [InlineData("guyen")]
    public void What_fits_nobody_finds_nobody(string spoken) => NameMatcher.Find(spoken, s_people, n => n).ShouldBeOfType<NameMatch<string>.None>();

    [Fact]
    public void What_fits_several_is_not_decided() =>
        NameMatcher.Find("c", s_services, n => n).ShouldBeOfType<NameMatch<string>.Several>().Items.ShouldBe(s_services);

    private static string One(string spoken, string[] names) => NameMatcher.Find(spoken, names, n => n).ShouldBeOfType<NameMatch<string>.One>().Item;
}
