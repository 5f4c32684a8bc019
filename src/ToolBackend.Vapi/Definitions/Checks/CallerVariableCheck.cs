namespace ToolBackend.Vapi.Definitions.Checks;

/// <summary>A number with an assistant or squad of its own never asks us who calls (<c>assistant-request</c>), so the caller's variables stay empty.</summary>
internal static class CallerVariableCheck
{
    public static void Run(CheckRun run)
    {
        foreach (var number in run.Definitions.Of(ResourceKind.PhoneNumber))
        {
            foreach (var reference in number.References.Where(r => r.Kind is ResourceKind.Assistant or ResourceKind.Squad))
            {
                var users = Assistants(run, reference).Where(UsesCaller).Select(a => a.Name).ToList();
                if (users.Count > 0)
                {
                    run.Warning(number, reference.Path, Rules.CallerVariables,
                        $"with {reference.Path} Vapi never asks who is calling, and the caller's variables in {string.Join(" and ", users)} stay empty", "remove it and let the webhook answer assistant-request");
                }
                if (number.Body["fallbackDestination"] is not null)
                {
                    run.Warning(number, "fallbackDestination", Rules.CallerVariables, $"fallbackDestination is never used while {reference.Path} is set", "remove one of them", atKey: true);
                }
            }
        }
    }

    private static IEnumerable<ResourceDefinition> Assistants(CheckRun run, ResourceReference reference) =>
        run.Definitions.Find(reference.Kind, reference.Name) is not { } found ? []
        : found.Kind is ResourceKind.Assistant ? [found]
        : found.References.Where(r => r.Kind is ResourceKind.Assistant).Select(r => run.Definitions.Find(r.Kind, r.Name)).OfType<ResourceDefinition>();

    private static bool UsesCaller(ResourceDefinition assistant) =>
        CheckRun.Texts(assistant).Any(text => PromptTemplate.Of(text.Written) is { } template && template.Variables.Any(v => PromptVariableCheck.Caller.Contains(v.Name)));
}
