namespace ToolBackend.Vapi.Tests.Definitions.Checks;

public sealed class ToolMessageCheckTests : IDisposable
{
    private const string File = "tools/find_it.yaml";

    private readonly DefinitionFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("messages: []", "16:1")]
    [InlineData("messages: [{type: request-response-delayed, timingMilliseconds: 2000, content: Wait.}]", "16:1")]
    [InlineData("async: false", "1:1")]
    public void Without_a_request_start_Vapi_says_a_filler_of_its_own(string messages, string place)
    {
        _folder.Edit(File, "messages:\n  - type: request-start\n    content: \"\"", messages);

        var finding = _folder.Only();
        DefinitionFolder.Place(finding).ShouldBe($"{File}:{place} error request-start");
        finding.Fix.ShouldContain("content: \"\" keeps it silent");
    }

    [Fact]
    public void An_async_tool_is_not_waited_for_and_says_nothing() =>
        _folder.Edit(File, "messages:\n  - type: request-start\n    content: \"\"", "async: true").Findings().ShouldBeEmpty();

    [Fact]
    public void Inline_tools_are_checked_where_they_stand()
    {
        _folder.Edit("assistants/lost.yaml", "  maxTokens: 700", "  maxTokens: 700\n  tools:\n    - type: endCall");

        _folder.Places().ShouldBe(["assistants/lost.yaml:6:3 warning inline-tool", "assistants/lost.yaml:7:7 error request-start"]);
    }
}
