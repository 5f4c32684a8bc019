namespace ToolBackend.Vapi.Definitions.Checks;

/// <summary>Vapi lets two resources have one name; nobody could tell them apart afterwards. In a squad a call with two members of one name fails.</summary>
internal static class NameCheck
{
    public static void Run(CheckRun run)
    {
        foreach (var kind in ResourceKinds.All)
        {
            var first = new Dictionary<string, ResourceDefinition>(StringComparer.Ordinal);
            foreach (var resource in run.Definitions.Of(kind))
            {
                if (!first.TryAdd(resource.VapiName, resource))
                {
                    run.Error(resource, NamePath(resource), Rules.Name, $"the {kind.Noun()} in {first[resource.VapiName].Location.File} has the same name at Vapi", "give one of them another name");
                }
            }
        }
    }

    private static string NamePath(ResourceDefinition resource) => resource.Kind is ResourceKind.Tool && resource.Body["function"] is not null ? "function.name" : "name";
}
