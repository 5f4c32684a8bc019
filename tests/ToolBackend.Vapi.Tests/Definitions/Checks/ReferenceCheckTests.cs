using ToolBackend.Vapi.Definitions;

namespace ToolBackend.Vapi.Tests.Definitions.Checks;

public sealed class ReferenceCheckTests : IDisposable
{
    private readonly DefinitionFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("assistants/desk.md", "toolIds: [find_it]", "toolIds: [find_it, find_ti]", "12:22", "no tool find_ti", "did you mean find_it?")]
    [InlineData("assistants/desk.md", "credentialId: webhook", "credentialId: webhok", "18:17", "no credential webhok", "did you mean webhook?")]
    [InlineData("assistants/desk.md", "structuredOutputIds: [outcome]", "structuredOutputIds: [result]", "26:25", "structured-outputs/result", "add the file")]
    [InlineData("squads/office.yaml", "  - assistantId: lost", "  - assistantId: lots", "6:18", "no assistant lots", "did you mean lost?")]
    [InlineData("phone-numbers/line.yaml", "number: ${number}", "number: ${number}\nsquadId: offices", "3:10", "no squad offices", "did you mean office?")]
    public void A_name_without_a_file_is_an_error_where_it_stands(string file, string from, string to, string place, string message, string fix)
    {
        _folder.Edit(file, from, to);

        var finding = _folder.Findings().First(f => f.At.File == file && f.Message.Contains(message, StringComparison.Ordinal)); // others may follow from it
        DefinitionFolder.Place(finding).ShouldBe($"{file}:{place} error reference");
        finding.Message.ShouldContain(message);
        finding.Fix.ShouldContain(fix);
    }

    [Fact]
    public void A_hand_over_must_go_to_a_member_of_the_squad()
    {
        _folder.Edit("squads/office.yaml", "assistantName: lost", "assistantName: losst");

        var finding = _folder.Only();
        DefinitionFolder.Place(finding).ShouldBe("squads/office.yaml:5:24 error reference");
        finding.Fix.ShouldBe("did you mean lost?");
    }

    [Fact]
    public void An_assistant_can_be_only_once_in_a_squad()
    {
        _folder.Edit("squads/office.yaml", "  - assistantId: lost", "  - assistantId: lost\n  - assistantId: desk");

        DefinitionFolder.Place(_folder.Only()).ShouldBe("squads/office.yaml:1:1 error reference");
    }

    [Fact]
    public void A_tool_can_be_only_once_on_an_assistant()
    {
        _folder.Edit("assistants/desk.md", "toolIds: [find_it]", "toolIds: [find_it, find_it]");

        DefinitionFolder.Place(_folder.Only()).ShouldBe("assistants/desk.md:12:22 error reference");
    }

    [Fact]
    public void A_handoff_tool_must_name_an_assistant()
    {
        _folder["tools/hand.yaml"] = "type: handoff\ndestinations:\n  - {type: assistant, assistantName: desc}\n";
        _folder.Edit("assistants/desk.md", "toolIds: [find_it]", "toolIds: [find_it, hand]");

        // Beside it the warning that the own pipeline has no handoffs.
        _folder.Findings().Select(DefinitionFolder.Place).ShouldBe(["tools/hand.yaml:1:7 warning fallback", "tools/hand.yaml:3:38 error reference"]);
    }

    [Fact]
    public void An_id_is_accepted_with_a_warning()
    {
        _folder.Edit("assistants/desk.md", "toolIds: [find_it]", "toolIds: [find_it, 11111111-2222-3333-4444-555555555555]");

        DefinitionFolder.Place(_folder.Only()).ShouldBe("assistants/desk.md:12:22 warning reference");
    }

    [Fact]
    public void A_structured_output_that_only_one_side_links_is_a_warning()
    {
        _folder.Edit("structured-outputs/outcome.yaml", "schema:\n", "assistantIds: [desk, lost]\nschema:\n");

        var finding = _folder.Only();
        DefinitionFolder.Place(finding).ShouldBe("structured-outputs/outcome.yaml:1:22 warning reference");
        finding.Message.ShouldContain("lost does not list outcome");
    }

    [Fact]
    public void References_are_found_in_one_table_and_become_ids()
    {
        var desk = _folder.Edit("assistants/desk.md", "toolIds: [find_it]", "toolIds: [find_it]\n  tools:\n    - type: endCall\n      messages: [{type: request-start}]\n    - {type: mcp, server: {url: 'https://mcp.example.com', credentialId: webhook}}").LoadLeniently().Find(ResourceKind.Assistant, "desk")!;

        desk.References.ShouldBe(
        [
            new ResourceReference("model.toolIds[0]", ResourceKind.Tool, "find_it"),
            new ResourceReference("model.tools[1].server.credentialId", ResourceKind.Credential, "webhook"),
            new ResourceReference("server.credentialId", ResourceKind.Credential, "webhook"),
            new ResourceReference("artifactPlan.structuredOutputIds[0]", ResourceKind.StructuredOutput, "outcome"),
        ]);

        var sent = desk.WithIds(reference => reference.Kind is ResourceKind.StructuredOutput ? null : $"id of {reference.Name}");
        sent["model"]!["toolIds"]!.ToJsonString().ShouldBe("""["id of find_it"]""");
        sent["server"]!["credentialId"]!.GetValue<string>().ShouldBe("id of webhook");
        sent["artifactPlan"]!["structuredOutputIds"]!.AsArray().ShouldBeEmpty();
        desk.Body["model"]!["toolIds"]!.ToJsonString().ShouldBe("""["find_it"]""");
    }

    [Fact]
    public void Names_in_the_users_own_schemas_and_values_are_no_references()
    {
        _folder.Edit("tools/find_it.yaml", "messages:\n", "parameters: [{key: assistantId, value: nobody}, {key: o, value: {toolId: nothing}}]\nmessages:\n");

        _folder.Load().Find(ResourceKind.Tool, "find_it")!.References.ShouldBeEmpty();
    }
}
