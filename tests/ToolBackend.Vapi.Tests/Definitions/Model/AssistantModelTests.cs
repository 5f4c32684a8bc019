using ToolBackend.Vapi.Definitions;
using ToolBackend.Vapi.Definitions.Model;

namespace ToolBackend.Vapi.Tests.Definitions.Model;

public sealed class AssistantModelTests : IDisposable
{
    private readonly DefinitionFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Where_the_files_are_silent_Vapis_defaults_hold()
    {
        var lost = Read("lost");

        lost.Name.ShouldBe("lost");
        lost.FirstMessage.ShouldBeNull();
        lost.FirstMessageMode.ShouldBe(FirstMessageMode.AssistantSpeaksFirst);
        lost.MaxDuration.ShouldBe(TimeSpan.FromMinutes(10));
        lost.Messages.ShouldBe([new PromptMessage("system", "You find things.")]);
        lost.Model.ShouldBe(new LanguageModel("groq", "openai/gpt-oss-120b") { Temperature = 0.3, MaxTokens = 700 });
        lost.Transcriber!.Endpointing.ShouldBe(TimeSpan.FromMilliseconds(250));
        lost.Transcriber.IsFlux.ShouldBeFalse();
        lost.Voice.ShouldBeNull();
        lost.StartSpeaking.Wait.ShouldBe(TimeSpan.FromSeconds(0.4));
        lost.StopSpeaking.Voice.ShouldBe(TimeSpan.FromSeconds(0.2));
        lost.StopSpeaking.InterruptionPhrases.ShouldBeNull();
        lost.Keypad.Enabled.ShouldBeFalse();
        lost.RecordingEnabled.ShouldBeTrue();
        lost.Fallback.Speculation.ShouldBeTrue();
        lost.Fallback.ReasoningEffort.ShouldBe("low");
    }

    [Fact]
    public void What_the_pipeline_honours_is_read()
    {
        _folder.Edit("assistants/desk.md", "firstMessage: Hello.", """
            firstMessage: Hello.
            firstMessageMode: assistant-waits-for-user
            endCallPhrases: [goodbye now]
            startSpeakingPlan:
              waitSeconds: 0
              customEndpointingRules: [{type: both, assistantRegex: name, customerRegex: '\d', customerRegexOptions: [{type: ignore-case, enabled: true}], timeoutSeconds: 2}]
            stopSpeakingPlan: {numWords: 2, interruptionPhrases: [stop]}
            hooks: [{on: customer.speech.timeout, options: {timeoutSeconds: 9, triggerMaxCount: 2}, do: [{type: say, exact: [Hello?, Still there?]}]}]
            keypadInputPlan: {enabled: true, timeoutSeconds: 3, delimiters: '#'}
            fallback:
              eagerEotThreshold: 0.4
              models: [{provider: fireworks, model: m}]
              voices: [{provider: deepgram, voiceId: v}]
              variables: {campaign: spring, year: 2026}
            """);
        _folder.Edit("tools/find_it.yaml", "messages:\n", """
            parameters: [{key: callerNumber, value: "{{customer.number}}"}]
            variableExtractionPlan: {aliases: [{key: id, value: "{{$.id}}"}]}
            messages:
              - {type: request-response-delayed, timingMilliseconds: 2000, content: Wait., conditions: [{operator: eq, param: what, value: hat}]}

            """);

        var desk = Read("desk");
        desk.FirstMessageMode.ShouldBe(FirstMessageMode.AssistantWaitsForUser);
        desk.EndCallPhrases.ShouldBe(["goodbye now"]);
        desk.Transcriber!.IsFlux.ShouldBeTrue();
        desk.Transcriber.EndOfTurnTimeout.ShouldBe(TimeSpan.FromSeconds(5));
        desk.StartSpeaking.Rules.ShouldBe([new EndpointingRule(EndpointingRuleType.Both, "name", @"\d", true, false, TimeSpan.FromSeconds(2))]);
        desk.StopSpeaking.Words.ShouldBe(2);
        desk.StopSpeaking.InterruptionPhrases.ShouldBe(["stop"]);
        var silence = desk.SilencePrompts.ShouldHaveSingleItem();
        silence.Texts.ShouldBe(["Hello?", "Still there?"]);
        (silence.After, silence.MaxCount, silence.ResetOnSpeech).ShouldBe((TimeSpan.FromSeconds(9), 2, true));
        desk.Keypad.ShouldBe(new KeypadInput(true, TimeSpan.FromSeconds(3), "#"));
        desk.Fallback.EagerEndOfTurnThreshold.ShouldBe(0.4);
        desk.Fallback.Models.ShouldBe([new ProviderLink("fireworks", "m")]);
        desk.Fallback.Voices.ShouldBe([new ProviderLink("deepgram", null, "v")]);
        desk.Fallback.Variables["year"].ShouldBe("2026");

        var tool = desk.Tools.ShouldHaveSingleItem();
        (tool.Type, tool.Name, tool.Description, tool.Server).ShouldBe(("function", "find_it", "Finds it.", null));
        tool.Messages.Select(m => m.Type).ShouldBe(["request-response-delayed", "request-start"]);
        tool.Messages[0].After.ShouldBe(TimeSpan.FromSeconds(2));
        tool.Messages[0].Conditions.ShouldBe([new ToolMessageCondition("eq", "what", "hat")]);
        tool.StaticParameters.ShouldHaveSingleItem().Key.ShouldBe("callerNumber");
        tool.Aliases.ShouldBe([KeyValuePair.Create("id", "{{$.id}}")]);
    }

    [Theory]
    [InlineData("maxDurationSeconds: soon")]
    [InlineData("startSpeakingPlan: 5")]
    [InlineData("hooks: {on: nothing}")]
    [InlineData("keypadInputPlan: [1, 2]")]
    [InlineData("endCallPhrases: [1, {}, null, [a]]")]
    public void A_value_of_the_wrong_type_counts_as_absent(string field)
    {
        _folder.Edit("assistants/desk.md", "firstMessage: Hello.", field);

        var desk = AssistantModel.Of(_folder.LoadLeniently().Find(ResourceKind.Assistant, "desk")!, _folder.LoadLeniently());
        desk.MaxDuration.ShouldBe(TimeSpan.FromMinutes(10));
        desk.EndCallPhrases.ShouldBeEmpty();
        desk.Model!.Provider.ShouldBe("groq");
    }

    private AssistantModel Read(string name)
    {
        var definitions = _folder.Load();
        return AssistantModel.Of(definitions.Find(ResourceKind.Assistant, name)!, definitions);
    }
}
