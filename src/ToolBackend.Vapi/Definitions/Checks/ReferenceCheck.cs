using System.Text.Json.Nodes;

namespace ToolBackend.Vapi.Definitions.Checks;

/// <summary>Every name stands for a file; hand-overs go to assistants that are there. Vapi itself only notices when a call fails.</summary>
internal static class ReferenceCheck
{
    public static void Run(CheckRun run)
    {
        foreach (var resource in run.Definitions.Resources)
        {
            foreach (var reference in resource.References)
            {
                Resolve(run, resource, reference);
            }
            WarnOfIds(run, resource);
        }

        foreach (var squad in run.Definitions.Of(ResourceKind.Squad))
        {
            Squad(run, squad);
        }
        foreach (var assistant in run.Definitions.Of(ResourceKind.Assistant))
        {
            Tools(run, assistant);
        }
        foreach (var output in run.Definitions.Of(ResourceKind.StructuredOutput))
        {
            OtherSide(run, output);
        }
    }

    private static void Resolve(CheckRun run, ResourceDefinition resource, ResourceReference reference)
    {
        if (run.Definitions.Find(reference.Kind, reference.Name) is null && !reference.Name.Contains("${", StringComparison.Ordinal))
        {
            var near = NearestName.Of(reference.Name, run.Definitions.Of(reference.Kind).Select(r => r.Name));
            run.Error(resource, reference.Path, Rules.Reference, $"no {reference.Kind.Noun()} {Short(reference.Name)}: there is no file {reference.Kind.Folder()}/{Short(reference.Name)}",
                near is null ? "add the file or correct the name" : $"did you mean {near}?");
        }
    }

    private static void WarnOfIds(CheckRun run, ResourceDefinition resource)
    {
        foreach (var (path, node) in JsonPaths.Walk(resource.Body))
        {
            if (node.AsText() is { } text && Guid.TryParse(text, out _) && ReferenceTable.TryGetKind(Member(path), out var kind))
            {
                run.Warning(resource, path, Rules.Reference, $"the id of a {kind.Noun()} is good in one organisation only", $"write its name and add it to {kind.Folder()}/");
            }
        }
    }

    private static void Squad(CheckRun run, ResourceDefinition squad)
    {
        var members = squad.Body.ObjectsAt("members").Select(m => NameOf(run, m.Item)).OfType<string>().ToList();
        foreach (var twice in members.GroupBy(name => name, StringComparer.Ordinal).Where(group => group.Count() > 1))
        {
            run.Error(squad, "members", Rules.Reference, $"two members are named {twice.Key}: calls fail with a duplicate assistant name", "each assistant once");
        }

        foreach (var (member, memberPath) in squad.Body.ObjectsAt("members"))
        {
            foreach (var (destination, path) in member.ObjectsAt("assistantDestinations"))
            {
                if (destination.TextAt("assistantName") is { } name && !members.Contains(name))
                {
                    run.Error(squad, $"{memberPath}.{path}.assistantName", Rules.Reference, $"no member of this squad is named {Short(name)}",
                        NearestName.Of(name, members) is { } near ? $"did you mean {near}?" : "add the assistant to members");
                }
            }
        }
    }

    private static void Tools(CheckRun run, ResourceDefinition assistant)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (name, path) in assistant.Body.TextsAt("model.toolIds"))
        {
            if (!seen.Add(run.Definitions.Find(ResourceKind.Tool, name)?.VapiName ?? name))
            {
                run.Error(assistant, path, Rules.Reference, "this assistant has a tool of that name already", "remove one of them");
            }
        }

        foreach (var (owner, tool, path) in run.ToolsOf(assistant))
        {
            foreach (var (destination, destinationPath) in tool.ObjectsAt("destinations"))
            {
                if (destination.TextAt("assistantName") is { } name && !run.Definitions.Of(ResourceKind.Assistant).Any(a => a.VapiName == name))
                {
                    run.Error(owner, Under(path, $"{destinationPath}.assistantName"), Rules.Reference, $"no assistant is named {Short(name)}",
                        NearestName.Of(name, run.Definitions.Of(ResourceKind.Assistant).Select(a => a.VapiName)) is { } near ? $"did you mean {near}?" : "add the assistant or correct the name");
                }
            }
        }
    }

    /// <summary>The link between an assistant and a structured output has two sides that Vapi keeps apart.</summary>
    private static void OtherSide(CheckRun run, ResourceDefinition output)
    {
        foreach (var (name, path) in output.Body.TextsAt("assistantIds"))
        {
            if (run.Definitions.Find(ResourceKind.Assistant, name) is { } assistant && !assistant.Body.TextsAt("artifactPlan.structuredOutputIds").Any(o => o.Text == output.Name))
            {
                run.Warning(output, path, Rules.Reference, $"{name} does not list {output.Name} in its artifactPlan.structuredOutputIds", "list it there, and leave assistantIds out");
            }
        }
    }

    private static string? NameOf(CheckRun run, JsonObject member) =>
        member.TextAt("assistantOverrides.name")
        ?? (member.TextAt("assistantId") is { } id ? run.Definitions.Find(ResourceKind.Assistant, id)?.VapiName : member.TextAt("assistant.name"));

    private static string Member(string path)
    {
        var list = path.EndsWith(']') ? path[..path.LastIndexOf('[')] : path;
        return list[(list.LastIndexOf('.') + 1)..];
    }

    internal static string Under(string parent, string path) => parent.Length == 0 ? path : $"{parent}.{path}";

    private static string Short(string name) => name.Length <= 64 ? name : name[..64] + "...";
}
