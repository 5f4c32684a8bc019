using ToolBackend.Vapi.Definitions;

namespace ToolBackend.Vapi.Tests.Definitions;

public sealed class DefinitionLoaderTests : IDisposable
{
    private readonly DefinitionFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_good_folder_has_no_findings_at_all() => _folder.Findings().ShouldBeEmpty();

    [Fact]
    public void Files_become_resources_in_the_order_in_which_they_can_be_created()
    {
        var definitions = _folder.Load();

        definitions.Environment.Name.ShouldBe("dev");
        definitions.Resources.Select(r => $"{r.Kind} {r.Name}").ShouldBe(
            ["Credential webhook", "Tool find_it", "StructuredOutput outcome", "Assistant desk", "Assistant lost", "Squad office", "PhoneNumber line"]);
    }

    [Fact]
    public void The_text_below_the_front_matter_is_the_system_prompt()
    {
        var desk = _folder.Load().Find(ResourceKind.Assistant, "desk")!;

        desk.Body["model"]!["messages"]!.ToJsonString().ShouldBe("""[{"role":"system","content":"You are the desk of dev.\nKnown: {{callerKnown}}."}]""");
        desk.LocationOf("model.messages[0].content").ShouldBe(new SourceLocation("assistants/desk.md", 29, 1));
        desk.Source.WrittenAt("model.messages[0].content")!.ShouldStartWith("You are the desk of ${environment}.");
    }

    [Fact]
    public void Messages_of_the_front_matter_come_after_the_prompt_and_keep_their_places()
    {
        _folder.Edit("assistants/desk.md", "  temperature: 0.3", "  temperature: 0.3\n  messages: [{role: user, content: Hi}]");

        var desk = _folder.Load().Find(ResourceKind.Assistant, "desk")!;
        desk.Body["model"]!["messages"]!.AsArray().Select(m => (string)m!["role"]!).ShouldBe(["system", "user"]);
        desk.LocationOf("model.messages[1].content").ShouldBe(new SourceLocation("assistants/desk.md", 11, 36));
    }

    [Fact]
    public void A_prompt_written_twice_is_refused()
    {
        _folder.Edit("assistants/desk.md", "  temperature: 0.3", "  temperature: 0.3\n  messages: [{role: system, content: Hi}]");

        DefinitionFolder.Place(_folder.Only()).ShouldBe("assistants/desk.md:11:14 error front-matter");
    }

    [Fact]
    public void Names_that_are_left_out_are_the_files()
    {
        var definitions = _folder.Edit("tools/find_it.yaml", "  name: find_it\n", "").Load();

        definitions.Find(ResourceKind.Assistant, "desk")!.Body["name"]!.GetValue<string>().ShouldBe("desk");
        definitions.Find(ResourceKind.Tool, "find_it")!.VapiName.ShouldBe("find_it");
        definitions.Find(ResourceKind.Tool, "find_it")!.Body.ContainsKey("name").ShouldBeFalse();
    }

    [Fact]
    public void A_name_that_differs_from_the_files_is_the_name_at_Vapi_only()
    {
        _folder.Edit("assistants/lost.yaml", "model:\n", "name: Lost and found\nmodel:\n");
        _folder.Edit("squads/office.yaml", "assistantName: lost", "assistantName: Lost and found");

        _folder.Findings().ShouldBeEmpty();
        var lost = _folder.Load().Find(ResourceKind.Assistant, "lost")!;
        lost.VapiName.ShouldBe("Lost and found");
    }

    [Fact]
    public void Fallback_and_routing_are_no_part_of_the_body()
    {
        _folder.Edit("assistants/desk.md", "voice:\n", "fallback: {eagerEotThreshold: 0.4}\nvoice:\n");

        var definitions = _folder.Load();
        var desk = definitions.Find(ResourceKind.Assistant, "desk")!;
        desk.Body.ContainsKey("fallback").ShouldBeFalse();
        desk.Fallback!["eagerEotThreshold"]!.GetValue<double>().ShouldBe(0.4);
        desk.LocationOf("fallback.eagerEotThreshold").ShouldBe(new SourceLocation("assistants/desk.md", 13, 31));
        var line = definitions.Find(ResourceKind.PhoneNumber, "line")!;
        line.Body.ContainsKey("routing").ShouldBeFalse();
        line.Routing.ShouldBe(new NumberRouting("http://127.0.0.1:5080/twilio/voice", null, null));
    }

    [Theory]
    [InlineData("assistants/new.md", "Just text.", "1:1", "front-matter", "does not begin with ---")]
    [InlineData("assistants/new.md", "---\nname: x\n", "1:1", "front-matter", "does not end")]
    [InlineData("assistants/new.md", "---\n---\nText.", "2:1", "yaml", "empty")]
    [InlineData("tools/new.yaml", "", "1:1", "yaml", "empty")]
    [InlineData("tools/new.yaml", "# nothing but a comment\n", "1:1", "yaml", "empty")]
    [InlineData("tools/new.yaml", "- a\n- b\n", "1:1", "yaml", "does not hold a mapping")]
    [InlineData("tools/new.yaml", "type: endCall\n---\ntype: dtmf\n", "2:1", "yaml", "second document")]
    [InlineData("tools/new.yaml", "type: endCall\ntype: dtmf\n", "2:1", "yaml", "type comes twice")]
    [InlineData("tools/new.yaml", "type: endCall\nmessages:\n  - &m {type: request-start}\n", "3:5", "yaml", "anchors")]
    [InlineData("tools/new.yaml", "type: endCall\nmessages: *m\n", "2:11", "yaml", "anchors")]
    [InlineData("tools/new.yaml", "type: !!str endCall\n", "1:7", "yaml", "tags")]
    [InlineData("tools/new.yaml", "type: endCall\n? [a, b]\n: c\n", "2:3", "yaml", "name must be text")]
    [InlineData("tools/new.yaml", "type: endCall\n  bad: indentation\n", "2:6", "yaml", "not YAML")]
    [InlineData("tools/new.yaml", "type: \"endCall\n", "1:7", "yaml", "not YAML")]
    [InlineData("tools/new.yaml", "type: \"\\ud800\"\n", "1:7", "yaml", "not YAML")]
    [InlineData("tools/new.yaml", "type: endCall\nlimit: 1e999\n", "2:8", "yaml", "too large")]
    [InlineData("tools/new.yaml", "type: end\0Call\n", "1:10", "file", "NUL")]
    [InlineData("tools/a b.yaml", "type: endCall\n", "1:1", "name", "cannot be a resource's name")]
    public void What_is_no_definition_is_one_error_at_its_place(string file, string text, string place, string rule, string message)
    {
        _folder[file] = text;

        var finding = _folder.Findings().Where(f => f.At.File == file).ShouldHaveSingleItem();
        DefinitionFolder.Place(finding).ShouldBe($"{file}:{place} error {rule}");
        finding.Message.ShouldContain(message);
        finding.Fix.ShouldNotBeNullOrWhiteSpace();
    }

    [Fact]
    public void Bytes_that_are_not_UTF8_are_an_error_where_they_stand()
    {
        File.WriteAllBytes(Path.Combine(_folder.Path, "tools/new.yaml"), [.. "type: endCall\nx: "u8, 0xC3, 0x28]);

        DefinitionFolder.Place(_folder.Only()).ShouldBe("tools/new.yaml:2:4 error file");
    }

    [Fact]
    public void A_file_beyond_the_limit_is_not_read()
    {
        _folder["tools/new.yaml"] = "# " + new string('x', 600_000);

        _folder.Only().Message.ShouldContain("524288");
    }

    [Fact]
    public void Windows_line_ends_and_a_byte_order_mark_change_nothing()
    {
        var path = Path.Combine(_folder.Path, "assistants/desk.md");
        File.WriteAllText(path, File.ReadAllText(path).Replace("\n", "\r\n", StringComparison.Ordinal), new System.Text.UTF8Encoding(true));

        _folder.Findings().ShouldBeEmpty();
        _folder.Load().Find(ResourceKind.Assistant, "desk")!.Body["model"]!["messages"]![0]!["content"]!.GetValue<string>().ShouldContain("dev.\nKnown");
    }

    [Fact]
    public void Two_files_of_one_name_are_an_error_in_the_second()
    {
        _folder["assistants/desk.yaml"] = "name: other\n";

        DefinitionFolder.Place(_folder.Only()).ShouldBe("assistants/desk.yaml:1:1 error name");
    }

    [Fact]
    public void Files_and_folders_that_are_not_read_are_said_so()
    {
        _folder["tools/notes.txt"] = "buy milk";
        _folder["tool/x.yaml"] = "type: endCall";
        _folder["tools/.hidden.yaml"] = "nonsense";
        _folder["scripts/run.sh"] = "";

        _folder.Places().ShouldBe(["tool:1:1 warning folder", "tools/notes.txt:1:1 warning file"]);
        _folder.Findings()[0].Fix.ShouldBe("did you mean tools?");
    }

    [Fact]
    public void A_folder_without_definitions_or_none_at_all_is_an_error()
    {
        var (nothing, errors) = DefinitionLoader.Load(Path.Combine(_folder.Path, "nowhere"), "dev", _ => null);
        nothing.ShouldBeNull();
        errors.ShouldHaveSingleItem().Rule.ShouldBe(Rules.Folder);

        using var empty = new DefinitionFolder();
        foreach (var kind in ResourceKinds.All)
        {
            Directory.Delete(Path.Combine(empty.Path, kind.Folder()), recursive: true);
        }
        empty.Only(new ValidationOptions()).Message.ShouldContain("holds no definitions");
    }
}
