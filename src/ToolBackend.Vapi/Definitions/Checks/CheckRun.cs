using System.Text.Json.Nodes;

namespace ToolBackend.Vapi.Definitions.Checks;

/// <summary>One run of all checks over one set.</summary>
internal sealed class CheckRun(DefinitionSet definitions, ValidationOptions options, Findings findings)
{
    public DefinitionSet Definitions { get; } = definitions;

    public ValidationOptions Options { get; } = options;

    /// <param name="atKey">The place is the member's name rather than its value.</param>
    public void Error(ResourceDefinition resource, string path, string rule, string message, string fix, bool atKey = false) =>
        findings.Error(atKey ? resource.Source.OfKey(path) : resource.LocationOf(path), rule, message, fix);

    public void Warning(ResourceDefinition resource, string path, string rule, string message, string fix, bool atKey = false) =>
        findings.Warning(atKey ? resource.Source.OfKey(path) : resource.LocationOf(path), rule, message, fix);

    /// <summary>At a character of a text as it was written.</summary>
    public void ErrorInside(ResourceDefinition resource, string path, string written, int offset, string rule, string message, string fix) =>
        findings.Error(resource.Source.Inside(path, written, offset), rule, message, fix);

    public void WarningInside(ResourceDefinition resource, string path, string written, int offset, string rule, string message, string fix) =>
        findings.Warning(resource.Source.Inside(path, written, offset), rule, message, fix);

    public void Add(DefinitionError error) => findings.Add(error);

    /// <summary>Every text of a resource as it was written, its fallback section included.</summary>
    public static IEnumerable<(string Path, string Written)> Texts(ResourceDefinition resource)
    {
        var nodes = JsonPaths.Walk(resource.Body);
        if (resource.Fallback is { } fallback)
        {
            nodes = nodes.Concat(JsonPaths.Walk(fallback, "fallback"));
        }
        return nodes.Select(entry => (entry.Path, Text: resource.Source.WrittenAt(entry.Path) ?? entry.Node.AsText())).Where(entry => entry.Text is { Length: > 0 })!;
    }

    /// <summary>The tools of an assistant: saved ones that are defined here, and inline ones (in the assistant's own file).</summary>
    public IEnumerable<(ResourceDefinition In, JsonObject Tool, string Path)> ToolsOf(ResourceDefinition assistant)
    {
        foreach (var (name, _) in assistant.Body.TextsAt("model.toolIds"))
        {
            if (Definitions.Find(ResourceKind.Tool, name) is { } saved)
            {
                yield return (saved, saved.Body, "");
            }
        }
        foreach (var (tool, path) in assistant.Body.ObjectsAt("model.tools"))
        {
            yield return (assistant, tool, path);
        }
    }

    /// <summary>All tools of the set, saved and inline.</summary>
    public IEnumerable<(ResourceDefinition In, JsonObject Tool, string Path)> Tools() =>
        Definitions.Of(ResourceKind.Tool).Select(tool => (tool, tool.Body, ""))
            .Concat(Definitions.Of(ResourceKind.Assistant).SelectMany(assistant => assistant.Body.ObjectsAt("model.tools").Select(inline => (assistant, inline.Item, inline.Path))));
}
