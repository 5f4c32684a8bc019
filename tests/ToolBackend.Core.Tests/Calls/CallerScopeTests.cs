using ToolBackend.Core.Calls;
using ToolBackend.Core.Speech;

namespace ToolBackend.Core.Tests.Calls;

public sealed class CallerScopeTests
{
    [Theory]
    [InlineData("Silva", "Ana Silva")]
    [InlineData("silva", "Ana Silva")]
    [InlineData("Ana Silva", "Ana Silva")]
    [InlineData("Silva, Ana", "Ana Silva")]
    [InlineData("Mrs. Silva", "Ana Silva")]
    [InlineData("Gonzalez", "María González")]
    [InlineData("O'Brien", "Sean O’Brien")]
    [InlineData("Meyer-Lund", "Ida Meyer Lund")]
    [InlineData("Silva,Ana", "Ana Silva")]
    [InlineData("Nguyen", "Trần Nguyễn")]
    [InlineData("Cher", "Cher")]
    public void The_family_name_or_the_whole_name_proves(string spoken, string onRecord) => CallerScope.NameProves(spoken, onRecord).ShouldBeTrue();

    [Theory]
    [InlineData("Ana", "Ana Silva")]
    [InlineData("Silv", "Ana Silva")]
    [InlineData("Silva Costa", "Ana Silva")]
    [InlineData("Maria Silva", "Ana Silva")]
    [InlineData("Mrs.", "Ana Silva")]
    [InlineData("", "Ana Silva")]
    [InlineData(null, "Ana Silva")]
    [InlineData("Silva", "")]
    [InlineData("12345", "Ana Silva")]
    public void Less_or_something_else_does_not(string? spoken, string onRecord) => CallerScope.NameProves(spoken, onRecord).ShouldBeFalse();

    [Fact]
    public void A_call_owns_the_records_of_its_own_number_only()
    {
        var phone = PhoneNumber.Parse("+12065550142");
        new CallerScope(phone).Owns(phone.Hash()).ShouldBeTrue();
        new CallerScope(phone).Owns(PhoneNumber.Parse("+12065550143").Hash()).ShouldBeFalse();
        new CallerScope(null).Owns("").ShouldBeFalse();
    }
}
