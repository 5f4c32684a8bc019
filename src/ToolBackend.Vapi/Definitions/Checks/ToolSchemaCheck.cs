using System.Text.Json.Nodes;

namespace ToolBackend.Vapi.Definitions.Checks;

/// <summary>The arguments that a definition promises to the model are those that the code reads. Order does not matter, words do.</summary>
internal static class ToolSchemaCheck
{
    public static void Run(CheckRun run)
    {
        var schemas = run.Options.ToolSchemas;
        if (schemas.Count == 0)
        {
            return;
        }

        var defined = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (owner, tool, path) in run.Tools().Where(t => t.Tool.TextAt("type") == "function"))
        {
            var name = tool.TextAt("function.name") ?? "";
            defined.Add(name);
            if (schemas.TryGetValue(name, out var wanted))
            {
                Compare(run, owner, tool, path, wanted);
            }
            else if (tool["server"] is null && !name.Contains("${", StringComparison.Ordinal))
            {
                run.Error(owner, ReferenceCheck.Under(path, "function.name"), Rules.ToolUnknown, $"our webhook has no tool {name}",
                    NearestName.Of(name, schemas.Keys) is { } near ? $"did you mean {near}?" : "add the tool to the code, or give it a server of its own");
            }
        }

        foreach (var missing in schemas.Keys.Where(name => !defined.Contains(name)).Order(StringComparer.Ordinal))
        {
            run.Add(new DefinitionError(new SourceLocation($"{ResourceKind.Tool.Folder()}/{missing}.yaml", 1, 1), Rules.ToolMissing, $"the code has a tool {missing}, but no file defines it",
                $"write tools/{missing}.yaml and add {missing} to an assistant's model.toolIds", Severity.Warning));
        }
    }

    private static void Compare(CheckRun run, ResourceDefinition owner, JsonObject tool, string toolPath, JsonObject wanted)
    {
        var path = ReferenceCheck.Under(toolPath, "function.parameters");
        var written = tool.ObjectAt("function.parameters") ?? [];
        var properties = written.ObjectAt("properties") ?? [];
        var wantedProperties = wanted.ObjectAt("properties") ?? [];

        foreach (var (name, value) in wantedProperties)
        {
            if (!properties.TryGetPropertyValue(name, out var property))
            {
                var typo = NearestName.Of(name, properties.Select(p => p.Key).Where(p => !wantedProperties.ContainsKey(p)));
                run.Error(owner, path, Rules.ToolSchema, $"the argument {name} of the code is missing", typo is null ? $"add {name}: {value!.ToJsonString()}" : $"rename {typo} to {name}");
                continue;
            }
            CompareProperty(run, owner, $"{path}.properties.{name}", name, property as JsonObject ?? [], (JsonObject)value!);
        }

        foreach (var (name, _) in properties.Where(p => !wantedProperties.ContainsKey(p.Key)))
        {
            run.Error(owner, JsonPaths.Member(path + ".properties", name), Rules.ToolSchema, $"the code has no argument {name}",
                NearestName.Of(name, wantedProperties.Select(p => p.Key).Where(p => !properties.ContainsKey(p))) is { } near ? $"did you mean {near}?" : "remove it", atKey: true);
        }

        var required = written.TextsAt("required").Select(r => r.Text).ToHashSet(StringComparer.Ordinal);
        var wantedRequired = wanted.TextsAt("required").Select(r => r.Text).ToHashSet(StringComparer.Ordinal);
        if (!required.SetEquals(wantedRequired))
        {
            run.Error(owner, path + ".required", Rules.ToolSchema, $"required is {List(required)}, the code requires {List(wantedRequired)}", $"write required: {List(wantedRequired)}");
        }
    }

    private static void CompareProperty(CheckRun run, ResourceDefinition owner, string path, string name, JsonObject written, JsonObject wanted)
    {
        foreach (var (keyword, value) in wanted)
        {
            var same = keyword == "enum"
                ? written.TextsAt("enum").Select(e => e.Text).ToHashSet(StringComparer.Ordinal).SetEquals(wanted.TextsAt("enum").Select(e => e.Text))
                : JsonNode.DeepEquals(written[keyword], value);
            if (!same)
            {
                run.Error(owner, $"{path}.{keyword}", Rules.ToolSchema, $"{name}: {keyword} differs from the code's", $"write {keyword}: {Plain(value!)}");
            }
        }
        foreach (var (keyword, _) in written.Where(k => !wanted.ContainsKey(k.Key)))
        {
            run.Error(owner, JsonPaths.Member(path, keyword), Rules.ToolSchema, $"{name}: the code says nothing of {keyword}", "remove it, or add it to the code", atKey: true);
        }
    }

    private static string Plain(JsonNode value) => value.AsText() ?? value.ToJsonString();

    private static string List(IEnumerable<string> names) => $"[{string.Join(", ", names.Order(StringComparer.Ordinal))}]";
}
