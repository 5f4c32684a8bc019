namespace ToolBackend.Vapi.Tests.Definitions.Checks;

public sealed class PromptVariableCheckTests : IDisposable
{
    private const string Desk = "assistants/desk.md";

    private readonly DefinitionFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("Known: {{callerKnwon}}.", "30:10 error prompt-variable", "did you mean callerKnown?")]
    [InlineData("Known: {{ callerKnown }} and {{favouriteColour | default: \"none\"}}.", "30:32 error prompt-variable", "fallback.variables")]
    [InlineData("Known: {{callerKnown.", "30:8 error prompt-variable", "}}")]
    [InlineData("{% if callerKnown == 'yes' %}Hello{% endif %}", "30:1 warning fallback", "variables only")]
    [InlineData("Known: {{callerKnown | upcase}}.", "30:24 warning fallback", "date and default")]
    public void A_variable_without_a_value_is_an_error_at_its_name(string text, string place, string fix)
    {
        _folder.Edit(Desk, "Known: {{callerKnown}}.", text);

        var finding = _folder.Only();
        DefinitionFolder.Place(finding).ShouldBe($"{Desk}:{place}");
        finding.Fix.ShouldContain(fix);
    }

    [Theory]
    [InlineData("{{callerFirstName}} {{nextAppointment}} {{openShipments}} {{customer.number}} {{call.id}}")]
    [InlineData("{{\"now\" | date: \"%A, %B %d, %Y, %I:%M %p\", \"America/Los_Angeles\"}} {{now}} {{date}} {{time}}")]
    [InlineData("{{callerFirstName | default: \"you\"}}")]
    public void What_Vapi_and_our_answer_fill_in_is_known(string text) => _folder.Edit(Desk, "Known: {{callerKnown}}.", text).Findings().ShouldBeEmpty();

    [Fact]
    public void Variables_of_squads_tools_and_the_fallback_section_are_known()
    {
        _folder.Edit(Desk, "Known: {{callerKnown}}.", "{{campaign}} {{bookingId}} {{season}}");
        _folder.Edit(Desk, "voice:\n", "fallback: {variables: {campaign: spring}}\nvoice:\n");
        _folder.Edit("tools/find_it.yaml", "messages:\n", "variableExtractionPlan: {aliases: [{key: bookingId, value: '{{$.id}}'}]}\nmessages:\n");
        _folder.Edit("squads/office.yaml", "members:\n", "membersOverrides: {variableValues: {season: winter}}\nmembers:\n");

        _folder.Findings().ShouldBeEmpty();
    }

    [Fact]
    public void Texts_outside_the_prompt_are_looked_at_too()
    {
        _folder.Edit(Desk, "firstMessage: Hello.", "firstMessage: Hello {{name}}.");

        DefinitionFolder.Place(_folder.Only()).ShouldBe($"{Desk}:2:23 error prompt-variable");
    }
}
