namespace ToolBackend.Vapi.Tests.Definitions.Checks;

public sealed class CallerVariableCheckTests : IDisposable
{
    private readonly DefinitionFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("assistantId: desk", "3:14")]
    [InlineData("squadId: office", "3:10")]
    public void A_number_with_an_assistant_never_asks_who_calls(string owner, string place)
    {
        _folder.Edit("phone-numbers/line.yaml", "number: ${number}", "number: ${number}\n" + owner);

        var finding = _folder.Only();
        DefinitionFolder.Place(finding).ShouldBe($"phone-numbers/line.yaml:{place} warning caller-variables");
        finding.Message.ShouldContain("desk");
    }

    [Fact]
    public void An_assistant_that_does_not_use_the_callers_variables_may_have_a_number() =>
        _folder.Edit("phone-numbers/line.yaml", "number: ${number}", "number: ${number}\nassistantId: lost").Findings().ShouldBeEmpty();

    [Fact]
    public void A_fallback_destination_that_is_never_used_is_said()
    {
        _folder.Edit("phone-numbers/line.yaml", "number: ${number}", "number: ${number}\nassistantId: lost\nfallbackDestination: {type: number, number: \"+12065550110\"}");

        DefinitionFolder.Place(_folder.Only()).ShouldBe("phone-numbers/line.yaml:4:1 warning caller-variables");
    }
}
