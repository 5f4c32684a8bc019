using ToolBackend.Vapi.Definitions;
using ToolBackend.Vapi.Definitions.Model;
using ToolBackend.Voice.Synthesis.Kept;

namespace ToolBackend.Voice.Tests.Synthesis.Kept;

public sealed class FixedSentencesTests
{
    private static readonly AssistantModel s_receptionist = Read("receptionist");

    [Fact]
    public void The_greeting_comes_first_and_every_sentence_once()
    {
        var sentences = FixedSentences.Of(s_receptionist);
        sentences[0].ShouldBe("Harbor Street Clinic, how can I help you?");
        sentences.ShouldContain("One moment, I'm still on it.");
        sentences.ShouldContain("Are you still there?");
        sentences.ShouldContain("I'm sorry, I didn't get that. Could you say it again?");
        sentences.Distinct().Count().ShouldBe(sentences.Count);
    }

    [Fact]
    public void What_differs_from_call_to_call_is_no_fixed_sentence()
    {
        First("Hello {{callerFirstName}}.").ShouldNotContain(s => s.StartsWith("Hello", StringComparison.Ordinal));
        First("It is {{now}}.").ShouldNotContain(s => s.StartsWith("It is", StringComparison.Ordinal));
        First("Hello from {{city}}.", ("city", "Tacoma"))[0].ShouldBe("Hello from Tacoma.");
        First("Hello {{callerFirstName}}.", ("callerFirstName", "you")).ShouldNotContain("Hello you."); // the greeting of a call has the caller's
        FixedSentences.Of(s_receptionist with { FirstMessageMode = FirstMessageMode.AssistantWaitsForUser })[0].ShouldNotStartWith("Harbor");
    }

    private static IReadOnlyList<string> First(string message, params (string Name, string Value)[] variables) => FixedSentences.Of(s_receptionist with
    {
        FirstMessage = message,
        Fallback = s_receptionist.Fallback with { Variables = variables.ToDictionary(v => v.Name, v => v.Value, StringComparer.Ordinal) },
    });

    private static AssistantModel Read(string name)
    {
        var (definitions, _) = DefinitionLoader.Load(Path.Combine(AppContext.BaseDirectory, "vapi"), "dev", Environment.GetEnvironmentVariable);
        return AssistantModel.Of(definitions!.Of(ResourceKind.Assistant).Single(a => a.VapiName == name), definitions);
    }
}
