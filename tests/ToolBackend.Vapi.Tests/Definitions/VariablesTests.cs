using System.Text.Json.Nodes;
using ToolBackend.Vapi.Definitions;

namespace ToolBackend.Vapi.Tests.Definitions;

public sealed class VariablesTests : IDisposable
{
    private readonly DefinitionFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_value_that_is_one_variable_takes_its_type()
    {
        var model = _folder.Load().Find(ResourceKind.Assistant, "desk")!.Body["model"]!;

        model["maxTokens"]!.GetValue<int>().ShouldBe(700);
        model["maxTokens"]!.ToJsonString().ShouldBe("700");
    }

    [Fact]
    public void The_process_environment_is_read_with_a_default()
    {
        _folder.Edit("assistants/desk.md", "firstMessage: Hello.", "firstMessage: Hello ${env:WHO|you}, $${this} stays.");

        First().ShouldBe("Hello you, ${this} stays.");
        _folder.Environment["WHO"] = "Ana";
        First().ShouldBe("Hello Ana, ${this} stays.");

        string First() => _folder.Load().Find(ResourceKind.Assistant, "desk")!.Body["firstMessage"]!.GetValue<string>();
    }

    [Fact]
    public void A_secret_stays_a_name_until_a_request_is_made()
    {
        _folder.Environment["VAPI_WEBHOOK_SECRET"] = "the-real-secret-value";

        var credential = _folder.Load().Find(ResourceKind.Credential, "webhook")!;
        credential.Body.ToJsonString().ShouldContain("${secret:VAPI_WEBHOOK_SECRET}");
        credential.Body.ToJsonString().ShouldNotContain("the-real-secret-value");
        Secrets.NamesIn(credential.Body).ShouldBe(["VAPI_WEBHOOK_SECRET"]);

        var request = Secrets.FillIn(credential.Body, _folder.Environment.GetValueOrDefault);
        request["authenticationPlan"]!["token"]!.GetValue<string>().ShouldBe("the-real-secret-value");
        credential.Body["authenticationPlan"]!["token"]!.GetValue<string>().ShouldBe("${secret:VAPI_WEBHOOK_SECRET}");
        Should.Throw<SecretUnsetException>(() => Secrets.FillIn(credential.Body, _ => "")).Variable.ShouldBe("VAPI_WEBHOOK_SECRET");
    }

    [Theory]
    [InlineData("Hello ${nmber}.", "2:21", "no variable nmber", "did you mean ${number}?")]
    [InlineData("Hello ${somethingElse}.", "2:21", "no variable somethingElse", "add somethingElse")]
    [InlineData("Hello ${env:NOBODY}.", "2:21", "NOBODY is not set", "${env:NOBODY|...}")]
    [InlineData("Hello ${.", "2:21", "not followed by a variable", "$${")]
    [InlineData("Hello ${a b}.", "2:21", "not followed by a variable", "$${")]
    [InlineData("'Hello ${secret:A|b}.'", "2:22", "a secret has no default", "${secret:A}")]
    [InlineData("\"Hello ${number|b}.\"", "2:22", "has a default", "${number}")]
    public void What_cannot_be_filled_in_is_an_error_where_it_stands(string text, string place, string message, string fix)
    {
        _folder.Edit("assistants/desk.md", "firstMessage: Hello.", "firstMessage: " + text);

        var finding = _folder.Only();
        DefinitionFolder.Place(finding).ShouldBe($"assistants/desk.md:{place} error variable");
        finding.Message.ShouldContain(message);
        finding.Fix.ShouldContain(fix);
    }

    [Fact]
    public void A_place_inside_a_prompt_is_told_to_the_column()
    {
        _folder.Edit("assistants/desk.md", "Known: {{callerKnown}}.", "Known: {{callerKnown}}. Ask for ${nobody}.");

        DefinitionFolder.Place(_folder.Only()).ShouldBe("assistants/desk.md:30:33 error variable");
    }

    [Fact]
    public void A_place_inside_a_block_of_text_is_told_to_the_column()
    {
        _folder.Edit("tools/find_it.yaml", "  description: Finds it.", "  description: |\n    Finds it.\n\n    Or ${nobody}.");

        DefinitionFolder.Place(_folder.Only()).ShouldBe("tools/find_it.yaml:7:8 error variable");
    }

    [Fact]
    public void What_YAML_calls_odd_things_stays_text()
    {
        _folder["tools/odd.yaml"] = """
            type: bash
            no: no
            plus: +12065550100
            zero: 007
            date: 2026-12-01
            nothing: ~
            empty:
            number: -1.5e3
            quoted: "12"
            """;

        _folder.Load().Find(ResourceKind.Tool, "odd")!.Body.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }).ShouldBe(
            """{"type":"bash","no":"no","plus":"+12065550100","zero":"007","date":"2026-12-01","nothing":null,"empty":null,"number":-1.5e3,"quoted":"12"}""");
    }

    [Fact]
    public void Numbers_can_be_asked_for_as_any_type()
    {
        var threshold = _folder.Load().Find(ResourceKind.Assistant, "desk")!.Body["server"]!["backoffPlan"]!["maxRetries"]!;

        threshold.GetValue<int>().ShouldBe(3);
        threshold.GetValue<double>().ShouldBe(3.0);
        JsonNode.DeepEquals(threshold, JsonValue.Create(3)).ShouldBeTrue();
    }
}
