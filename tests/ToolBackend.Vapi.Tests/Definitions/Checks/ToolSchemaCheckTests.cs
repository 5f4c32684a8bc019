using System.Text.Json.Nodes;
using ToolBackend.Vapi.Definitions;

namespace ToolBackend.Vapi.Tests.Definitions.Checks;

public sealed class ToolSchemaCheckTests : IDisposable
{
    private const string File = "tools/find_it.yaml";

    private readonly DefinitionFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("        description: What was lost.", "        description: What is lost.", "10:22", "what: description differs", "write description: What was lost.")]
    [InlineData("      what:\n        type: string", "      what:\n        type: boolean", "9:15", "what: type differs", "write type: string")]
    [InlineData("        enum: [red, blue]", "        enum: [red, green]", "14:9", "colour: enum differs", "[\"blue\",\"red\"]")]
    [InlineData("        description: Its colour.", "        description: Its colour.\n        pattern: x", "14:9", "says nothing of pattern", "remove it")]
    [InlineData("      colour:", "      color:", "5:3", "the argument colour of the code is missing", "rename color to colour")]
    [InlineData("    required: [what]", "    required: [what, colour]", "15:5", "required is [colour, what], the code requires [what]", "write required: [what]")]
    public void A_schema_that_differs_from_the_codes_is_refused_with_what_to_write(string from, string to, string place, string message, string fix)
    {
        _folder.Edit(File, from, to);

        var finding = _folder.Findings()[0];
        DefinitionFolder.Place(finding).ShouldBe($"{File}:{place} error tool-schema");
        finding.Message.ShouldContain(message);
        finding.Fix.ShouldContain(fix);
    }

    [Fact]
    public void An_argument_that_the_code_does_not_have_is_an_error_at_its_name()
    {
        _folder.Edit(File, "    required: [what]", "      weight:\n        type: string\n    required: [what]");

        DefinitionFolder.Place(_folder.Only()).ShouldBe($"{File}:15:7 error tool-schema");
    }

    [Fact]
    public void Order_does_not_matter()
    {
        _folder.Edit(File, "enum: [red, blue]", "enum: [blue, red]");

        _folder.Findings().ShouldBeEmpty();
    }

    [Fact]
    public void A_tool_that_nobody_answers_is_refused_unless_it_has_a_server_of_its_own()
    {
        _folder.Edit(File, "  name: find_it", "  name: find_its");

        var findings = _folder.Findings();
        findings.Select(DefinitionFolder.Place).ShouldBe([$"{File}:1:1 warning tool-missing", $"{File}:3:9 error tool-unknown"]);
        findings[1].Fix.ShouldBe("did you mean find_it?");

        _folder.Edit(File, "type: function\n", "type: function\nserver: {url: 'https://other.example.com', credentialId: webhook, backoffPlan: {type: fixed, maxRetries: 0, baseDelaySeconds: 0}}\n");
        _folder.Findings().Select(f => f.Rule).ShouldBe([Rules.ToolMissing]);
    }

    [Fact]
    public void A_tool_of_the_code_that_no_file_defines_is_a_warning()
    {
        var schemas = new Dictionary<string, JsonObject>(DefinitionFolder.ToolSchemas) { ["ninth_tool"] = new JsonObject { ["type"] = "object" } };

        var finding = _folder.Only(new ValidationOptions { ToolSchemas = schemas });
        DefinitionFolder.Place(finding).ShouldBe("tools/ninth_tool.yaml:1:1 warning tool-missing");
    }
}
