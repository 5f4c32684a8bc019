using ToolBackend.Vapi.Definitions.Checks;
using ToolBackend.Vapi.Definitions.Files;
using ToolBackend.Vapi.Definitions.Schemas;

namespace ToolBackend.Vapi.Definitions.OpenApi;

/// <summary>
/// Holds two things against Vapi's OpenAPI document: our own schemas, so that they cannot grow old unnoticed, and every body, because our schemas leave open what
/// only few use.
/// </summary>
internal static class OpenApiCheck
{
    private const string SharedSchemas = "common.json";

    public static void Run(CheckRun run)
    {
        if (run.Options.OpenApi is not { } document)
        {
            return;
        }

        foreach (var error in SchemaErrors(document))
        {
            run.Add(error);
        }
        foreach (var resource in run.Definitions.Resources)
        {
            foreach (var problem in SchemaValidator.Validate(resource.Body, document.Payload(resource.Kind, PayloadUse.Create)).Where(p => p.Severity is Severity.Error))
            {
                var error = ShapeCheck.Place(problem, resource.Source);
                run.Add(error with { Rule = Rules.OpenApi, Message = $"Vapi's OpenAPI document: {error.Message}" });
            }
        }
    }

    /// <summary>Where our schemas and the document disagree, at the place in <c>schema/</c>.</summary>
    public static IEnumerable<DefinitionError> SchemaErrors(OpenApiDocument document)
    {
        var differences = ResourceKinds.All.SelectMany(kind => SchemaComparison.Compare(DefinitionSchemas.Of(kind), document.Payload(kind, PayloadUse.Create))).Distinct().ToList();
        if (differences.Count == 0)
        {
            yield break;
        }

        var places = new Dictionary<string, SourceMap>(StringComparer.Ordinal);
        foreach (var (at, message) in differences)
        {
            var (file, path) = Split(at);
            if (!places.TryGetValue(file, out var map))
            {
                places[file] = map = Places(file);
            }
            yield return new DefinitionError(map.OfKey(path), Rules.OpenApi, $"{at} {message}", "bring vapi/schema in step with Vapi's document");
        }
    }

    /// <summary>"groqModel.maxTokens" is <c>$defs.groqModel.properties.maxTokens</c> of the shared file; "assistant.json.server" a property of that file.</summary>
    private static (string File, string Path) Split(string name)
    {
        var file = ResourceKinds.All.Select(DefinitionSchemas.FileOf).FirstOrDefault(file => name == file || name.StartsWith(file + ".", StringComparison.Ordinal));
        var rest = file is null ? name : name[Math.Min(name.Length, file.Length + 1)..];
        var parts = rest.Split('.', '[');
        return file is null
            ? (SharedSchemas, parts.Length > 1 ? $"$defs.{parts[0]}.properties.{parts[1].TrimEnd(']')}" : $"$defs.{parts[0]}")
            : (file, rest.Length == 0 ? "" : $"properties.{parts[0]}");
    }

    private static SourceMap Places(string file)
    {
        // JSON is YAML, so the reader that keeps places reads it as well.
        var source = new SourceText("schema/" + file, DefinitionSchemas.Text(file));
        var places = new Places();
        YamlReader.Read(source, source.Content, 0, places, new Findings());
        return places.ToMap(source.Start);
    }
}
