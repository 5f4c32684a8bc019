using ToolBackend.Vapi.Definitions;
using ToolBackend.Vapi.Definitions.Model;

namespace ToolBackend.Vapi.Tests.Definitions;

/// <summary>The product's own definitions. Their tools are held against the code in ToolBackend.Cli.Tests.</summary>
public sealed class RealDefinitionsTests
{
    private static readonly string s_folder = Path.Combine(AppContext.BaseDirectory, "vapi");

    [Theory]
    [InlineData("dev")]
    [InlineData("prod")]
    public void They_are_valid_without_a_warning_and_without_any_variable_of_the_process(string environment)
    {
        var (definitions, errors) = DefinitionLoader.Load(s_folder, environment, _ => null);

        errors.ShouldBeEmpty();
        DefinitionValidator.Validate(definitions!, new ValidationOptions()).ShouldBeEmpty();
        definitions!.Resources.Count.ShouldBe(16);
    }

    [Fact]
    public void Every_environment_is_among_those_that_are_checked() => DefinitionLoader.Environments(s_folder).ShouldBe(["dev", "prod"]);

    [Fact]
    public void One_assistant_is_on_Flux_and_one_on_nova_and_both_have_a_chain_to_go_on_with()
    {
        var definitions = DefinitionLoader.Load(s_folder, "prod", _ => null).Definitions!;
        var receptionist = AssistantModel.Of(definitions.Find(ResourceKind.Assistant, "receptionist")!, definitions);
        var dispatcher = AssistantModel.Of(definitions.Find(ResourceKind.Assistant, "dispatcher")!, definitions);

        receptionist.Transcriber!.IsFlux.ShouldBeTrue();
        dispatcher.Transcriber!.Model.ShouldBe("nova-3");
        foreach (var assistant in new[] { receptionist, dispatcher })
        {
            assistant.Fallback.Models.ShouldNotBeEmpty();
            assistant.Fallback.Transcribers.ShouldNotBeEmpty();
            assistant.Fallback.Voices.ShouldNotBeEmpty();
            assistant.Tools.Select(t => t.Type).ShouldContain("transferCall");
            assistant.Tools.Select(t => t.Type).ShouldContain("endCall");
            assistant.Messages[0].Content.ShouldNotContain("${");
        }
        receptionist.Tools.Concat(dispatcher.Tools).Count(t => t.Type == "function").ShouldBe(8);
    }

    [Fact]
    public void Prompts_are_prose_for_the_ear()
    {
        foreach (var assistant in DefinitionLoader.Load(s_folder, "prod", _ => null).Definitions!.Of(ResourceKind.Assistant))
        {
            var prompt = assistant.Body["model"]!["messages"]![0]!["content"]!.GetValue<string>();
            prompt.Split('\n').ShouldAllBe(line => !line.StartsWith('-') && !line.StartsWith('#') && !line.StartsWith('*'));
            prompt.Length.ShouldBeLessThan(4_500);
        }
    }

    [Fact]
    public void No_secret_is_anything_but_a_name()
    {
        var withSecrets = DefinitionLoader.Load(s_folder, "prod", static name => "value of " + name).Definitions!.Resources.Where(r => Secrets.NamesIn(r.Body).Count > 0).ToList();
        withSecrets.ShouldNotBeEmpty();
        foreach (var resource in withSecrets)
        {
            foreach (var secret in Secrets.NamesIn(resource.Body))
            {
                resource.Body.ToJsonString().ShouldNotContain("value of " + secret);
            }
        }
    }
}
