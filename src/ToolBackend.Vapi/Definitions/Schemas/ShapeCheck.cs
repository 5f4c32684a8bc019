using System.Text.Json.Nodes;

namespace ToolBackend.Vapi.Definitions.Schemas;

/// <summary>Reports where something in a file does not fit its schema.</summary>
internal static class ShapeCheck
{
    public static void Report(JsonObject body, JsonSchema schema, SourceMap map, Findings findings, string path = "")
    {
        foreach (var problem in SchemaValidator.Validate(body, schema, path))
        {
            findings.Add(Place(problem, map));
        }
    }

    public static DefinitionError Place(SchemaProblem problem, SourceMap map) =>
        new(problem.AtKey ? map.OfKey(problem.Path) : map.Of(problem.Path), problem.Rule, problem.Message, problem.Fix, problem.Severity);
}
