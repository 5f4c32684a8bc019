namespace ToolBackend.Vapi.Tests.Definitions.Checks;

public sealed class ModelCheckTests : IDisposable
{
    private readonly DefinitionFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("llama-3.3-70b-versatile", "openai/gpt-oss-120b")]
    [InlineData("llama-3.1-8b-instant", "openai/gpt-oss-20b")]
    [InlineData("meta-llama/llama-4-scout-17b-16e-instruct", "openai/gpt-oss-120b")]
    public void A_model_that_Groq_has_retired_is_refused_with_its_successor(string model, string successor)
    {
        _folder.Edit("assistants/desk.md", "  model: openai/gpt-oss-20b", "  model: " + model);

        var finding = _folder.Only();
        DefinitionFolder.Place(finding).ShouldBe("assistants/desk.md:9:10 error retired-model");
        finding.Fix.ShouldBe("use " + successor);
    }

    [Fact]
    public void The_fallback_chain_is_looked_at_as_well()
    {
        _folder.Edit("assistants/desk.md", "voice:\n", "fallback:\n  models: [{provider: groq, model: gemma2-9b-it}, {provider: together-ai, model: gemma2-9b-it}]\nvoice:\n");

        DefinitionFolder.Place(_folder.Only()).ShouldBe("assistants/desk.md:14:36 error retired-model");
    }

    [Theory]
    [InlineData("  maxTokens: ${tokens}", "  maxTokens: 250", "11:14 warning model-settings")]
    [InlineData("  maxTokens: ${tokens}\n", "", "7:1 warning model-settings")]
    [InlineData("  temperature: 0.3\n", "", "7:1 warning model-settings")]
    public void Settings_whose_default_surprises_should_be_given(string from, string to, string place)
    {
        _folder.Edit("assistants/desk.md", from, to);

        DefinitionFolder.Place(_folder.Only()).ShouldBe("assistants/desk.md:" + place);
    }
}
