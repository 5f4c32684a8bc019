using System.Text.Json.Nodes;

namespace ToolBackend.Vapi.Definitions;

/// <summary>What the validator is held against besides the definitions.</summary>
public sealed record ValidationOptions
{
    /// <summary>JSON schema of the arguments by tool name, from the code that answers the tools. A function tool that points at our webhook must be among them.</summary>
    public IReadOnlyDictionary<string, JsonObject> ToolSchemas { get; init; } = new Dictionary<string, JsonObject>();

    /// <summary>Vapi's OpenAPI document, to hold each body against. Null: not checked.</summary>
    public string? OpenApiDocument { get; init; }
}

/// <summary>All rules over loaded definitions.</summary>
public static class DefinitionValidator
{
    /// <summary>Errors and warnings of all rules, ordered by file and place. Pure but for reading the OpenAPI document.</summary>
    public static IReadOnlyList<DefinitionError> Validate(DefinitionSet definitions, ValidationOptions options) => throw new NotSupportedException();
}
