namespace ToolBackend.Vapi.Tests.Definitions.Checks;

public sealed class FallbackSupportTests : IDisposable
{
    private readonly DefinitionFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("assistants/lost.yaml", "server:\n", "backgroundSound: office\nserver:\n", "13:18", "plays no background sound")]
    [InlineData("assistants/lost.yaml", "server:\n", "backgroundSpeechDenoisingPlan: {smartDenoisingPlan: {enabled: true}}\nserver:\n", "13:1", "remove noise")]
    [InlineData("assistants/lost.yaml", "server:\n", "compliancePlan: {hipaaEnabled: true}\nserver:\n", "13:32", "HIPAA")]
    [InlineData("assistants/lost.yaml", "server:\n", "startSpeakingPlan: {smartEndpointingPlan: {provider: livekit}}\nserver:\n", "13:21", "transcription plan")]
    [InlineData("assistants/lost.yaml", "server:\n", "hooks: [{on: call.ending, do: [{type: tool, toolId: find_it}]}]\nserver:\n", "13:14", "no hook call.ending")]
    [InlineData("assistants/lost.yaml", "server:\n", "hooks: [{on: customer.speech.timeout, do: [{type: say, prompt: Ask.}]}]\nserver:\n", "13:44", "exact text")]
    [InlineData("assistants/lost.yaml", "  provider: groq", "  provider: openai", "2:13", "Groq")]
    [InlineData("assistants/lost.yaml", "  temperature: 0.3", "  temperature: 0.3\n  numFastTurns: 1", "5:17", "first turns")]
    [InlineData("assistants/desk.md", "  voiceId: EXAVITQu4vr4xnSDxMaL", "  voiceId: EXAVITQu4vr4xnSDxMaL\n  model: eleven_v3", "16:10", "eleven_v3")]
    [InlineData("tools/find_it.yaml", "messages:\n", "rejectionPlan: {conditions: []}\nmessages:\n", "16:1", "reject")]
    [InlineData("squads/office.yaml", "assistantName: lost", "assistantName: lost\n        contextEngineeringPlan: {type: none}", "6:40", "knows all that was said")]
    [InlineData("squads/office.yaml", "  - assistantId: lost", "  - assistantId: lost\n    assistantOverrides: {maxDurationSeconds: 60}", "7:5", "own files")]
    [InlineData("squads/office.yaml", "members:\n", "membersOverrides: {backgroundSound: office}\nmembers:\n", "1:1", "own files")]
    public void What_a_caller_would_miss_is_a_warning(string file, string from, string to, string place, string missing)
    {
        _folder.Edit(file, from, to);

        var finding = _folder.Only();
        DefinitionFolder.Place(finding).ShouldBe($"{file}:{place} warning fallback");
        finding.Message.ShouldContain(missing);
    }

    [Fact]
    public void Tools_of_types_that_only_Vapi_runs_are_a_warning()
    {
        _folder["tools/look_up.yaml"] = "type: query\nknowledgeBases: []\n";
        _folder.Edit("assistants/desk.md", "toolIds: [find_it]", "toolIds: [find_it, look_up]");

        DefinitionFolder.Place(_folder.Only()).ShouldBe("tools/look_up.yaml:1:7 warning fallback");
    }

    [Fact]
    public void What_nobody_on_the_phone_hears_is_no_warning() =>
        _folder.Edit("assistants/lost.yaml", "server:\n", "monitorPlan: {listenEnabled: false}\nmetadata: {team: lost}\nbackgroundSound: \"off\"\nmaxDurationSeconds: 900\nvoicemailDetection: {provider: vapi}\nserver:\n").Findings().ShouldBeEmpty();
}
