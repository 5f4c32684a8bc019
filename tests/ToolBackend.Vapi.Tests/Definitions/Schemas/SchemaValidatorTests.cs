using ToolBackend.Vapi.Definitions;

namespace ToolBackend.Vapi.Tests.Definitions.Schemas;

public sealed class SchemaValidatorTests : IDisposable
{
    private readonly DefinitionFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("firstMessage: Hello.", "firstMesage: Hello.", "2:1 error schema-unknown", "no field firstMesage", "did you mean firstMessage?")]
    [InlineData("firstMessage: Hello.", "firstMessage: 5", "2:15 error schema-type", "a whole number, not text", "put it in quotes")]
    [InlineData("firstMessage: Hello.", "name: An assistant whose name is far too long to be", "2:7 error schema-limit", "has 45 characters, allowed are at most 40", "shorten it by 5")]
    [InlineData("firstMessage: Hello.", "maxDurationSeconds: 5", "2:21 error schema-limit", "is 5, allowed are 10 to 43200", "keep to 10 to 43200")]
    [InlineData("firstMessage: Hello.", "firstMessageMode: assistant-speaks-frist", "2:19 error schema-enum", "assistant-speaks-frist", "did you mean assistant-speaks-first?")]
    [InlineData("firstMessage: Hello.", "silenceTimeoutSeconds: 30", "2:1 error schema-unknown", "no field silenceTimeoutSeconds", "customer.speech.timeout")]
    [InlineData("firstMessage: Hello.", "voicemailDetection: 5", "2:21 error schema-type", "text or a mapping", "write text or a mapping")]
    [InlineData("firstMessage: Hello.", "hooks: [{on: call.endng, do: []}]", "2:14 error schema-enum", "call.endng", "did you mean call.ending?")]
    [InlineData("firstMessage: Hello.", "hooks: [{on: call.ending}]", "2:9 error schema-required", "lacks do", "add do")]
    [InlineData("firstMessage: Hello.", "analysisPlan: {minMessagesThreshold: 1}", "2:1 warning schema-deprecated", "deprecated", "vapi/schema")]
    [InlineData("      eotThreshold: 0.7", "  eagerEotThreshold: 0.4", "6:3 error schema-unknown", "no field eagerEotThreshold", "fallback.eagerEotThreshold")]
    [InlineData("      provider: 11labs", "  provider: elevenlabs", "14:13 error schema-enum", "elevenlabs", "")]
    [InlineData("      provider: 11labs", "  stability: 0.5", "13:1 error schema-required", "lacks provider", "add provider")]
    [InlineData("      voiceId: EXAVITQu4vr4xnSDxMaL", "  voiceId: EXAVITQu4vr4xnSDxMaL\n  stability: 2", "16:14 error schema-limit", "0 to 1", "0 to 1")]
    [InlineData("      credentialId: webhook", "  credentialId: webhook\n  timeoutSeconds: '10'", "19:19 error schema-type", "text, not a number", "write a number")]
    [InlineData("serverMessages: [status-update,", "serverMessages: [statusupdate, status-update,", "24:18 error schema-enum", "statusupdate", "did you mean status-update?")]
    [InlineData("  type: exponential", "    type: exponetial", "20:11 error schema-enum", "exponetial", "did you mean exponential?")]
    public void What_Vapi_would_refuse_is_an_error_at_its_place(string from, string to, string place, string message, string fix)
    {
        _folder.Edit("assistants/desk.md", from.TrimStart(), to.TrimStart());

        var finding = _folder.Findings().First(f => f.Rule.StartsWith("schema-", StringComparison.Ordinal));
        DefinitionFolder.Place(finding).ShouldBe("assistants/desk.md:" + place);
        finding.Message.ShouldContain(message);
        finding.Fix.ShouldContain(fix);
    }

    [Theory]
    [InlineData("type: function", "type: functoin", "1:7 error schema-enum", "did you mean function?")]
    [InlineData("type: function", "async: false", "1:1 error schema-required", "add type: ")]
    [InlineData("  name: find_it", "  name: find it", "3:9 error schema-pattern", "^[a-zA-Z0-9_-]{1,64}$")]
    [InlineData("  - type: request-start", "  - type: request-begin", "17:11 error schema-enum", "write request-start")]
    [InlineData("    content: \"\"", "    content: \"\"\n  - {type: request-response-delayed, timingMilliseconds: 5}", "19:58 error schema-limit", "100 to 120000")]
    public void Tools_are_told_apart_by_their_type(string from, string to, string place, string fix)
    {
        _folder.Edit("tools/find_it.yaml", from, to);

        var finding = _folder.Findings().First(f => f.Rule.StartsWith("schema-", StringComparison.Ordinal));
        DefinitionFolder.Place(finding).ShouldBe("tools/find_it.yaml:" + place);
        finding.Fix.ShouldContain(fix);
    }

    [Theory]
    [InlineData("assistants/desk.md", "firstMessage: Hello.", "firstMessage: null")]
    [InlineData("assistants/desk.md", "firstMessage: Hello.", "voicemailDetection: \"off\"")]
    [InlineData("assistants/desk.md", "firstMessage: Hello.", "hooks: [{on: 'customer.speech.timeout[timeoutSeconds=10]', do: [{type: say, exact: [Hello]}]}]")]
    [InlineData("phone-numbers/line.yaml", "number: ${number}", "number: ${number}\nassistantId: null")]
    [InlineData("squads/office.yaml", "  - assistantId: lost", "  - assistantId: lost\n    assistantVersion: null")]
    public void Null_clears_a_field_and_unions_take_each_of_their_forms(string file, string from, string to) =>
        _folder.Edit(file, from, to).Findings().ShouldBeEmpty();

    [Fact]
    public void A_value_in_the_wrong_place_is_not_repeated_when_it_is_no_word()
    {
        _folder.Edit("assistants/desk.md", "firstMessage: Hello.", "firstMessageMode: my password is swordfish");

        _folder.Only().ToString().ShouldNotContain("swordfish");
    }

    [Fact]
    public void Providers_that_our_schema_does_not_describe_are_left_to_Vapi()
    {
        _folder.Edit("assistants/desk.md", "  provider: 11labs\n  voiceId: EXAVITQu4vr4xnSDxMaL", "  provider: cartesia\n  anything: goes");

        _folder.Places().ShouldBe(["assistants/desk.md:14:13 warning fallback"]);
    }

    [Fact]
    public void All_errors_of_all_files_come_at_once()
    {
        _folder.Edit("assistants/desk.md", "firstMessage: Hello.", "firstMessage: 5\nwhat: ever");
        _folder.Edit("tools/find_it.yaml", "type: function\n", "type: function\nthis: too\n");
        _folder.Edit("squads/office.yaml", "  - assistantId: lost", "  - asistantId: lost");

        _folder.Findings().Count(f => f.Rule.StartsWith("schema-", StringComparison.Ordinal)).ShouldBe(4);
    }
}
