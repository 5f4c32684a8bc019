namespace ToolBackend.Vapi.Tests.Definitions.Checks;

public sealed class NameCheckTests : IDisposable
{
    private readonly DefinitionFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Two_resources_of_one_kind_and_name_are_refused()
    {
        _folder["tools/bye.yaml"] = "type: endCall\nmessages: [{type: request-start, content: Bye.}]\n";
        _folder["tools/find_it_too.yaml"] = File.ReadAllText(Path.Combine(_folder.Path, "tools/find_it.yaml"));

        var finding = _folder.Only();
        DefinitionFolder.Place(finding).ShouldBe("tools/find_it_too.yaml:3:9 error name");
        finding.Message.ShouldContain("tools/find_it.yaml");
    }
}
