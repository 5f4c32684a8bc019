namespace ToolBackend.LocalStack.Simulators.Language.Rules;

/// <summary>The model that answers when no script does.</summary>
internal static class RuleModel
{
    public static CompletionAnswer Answer(CompletionRequest request) => CompletionAnswer.Say("How can I help you?");
}
