using System.Text.Json.Nodes;
using ToolBackend.Vapi.Definitions.Checks;
using ToolBackend.Vapi.Definitions.OpenApi;

namespace ToolBackend.Vapi.Definitions;

/// <summary>What the definitions are held against besides themselves.</summary>
public sealed record ValidationOptions
{
    /// <summary>
    /// JSON schema of the arguments by tool name, from the code that answers the tools. A function tool without a server of its own must be among them. Empty: not checked.
    /// </summary>
    public IReadOnlyDictionary<string, JsonObject> ToolSchemas { get; init; } = new Dictionary<string, JsonObject>();

    /// <summary>Vapi's OpenAPI document, to hold each body and our own schemas against. Null: not checked.</summary>
    public OpenApiDocument? OpenApi { get; init; }
}

/// <summary>All rules over loaded definitions. The loader has held them against our schema already.</summary>
public static class DefinitionValidator
{
    private static readonly Action<CheckRun>[] s_checks =
    [
        NameCheck.Run, ReferenceCheck.Run, ToolSchemaCheck.Run, ServerCheck.Run, ToolMessageCheck.Run, TranscriberCheck.Run, ModelCheck.Run, SecretCheck.Run,
        PromptVariableCheck.Run, CallerVariableCheck.Run, FallbackSupport.Run, OpenApiCheck.Run,
    ];

    /// <summary>Errors and warnings of all rules, by file and place. Pure.</summary>
    public static IReadOnlyList<DefinitionError> Validate(DefinitionSet definitions, ValidationOptions options)
    {
        var findings = new Findings();
        var run = new CheckRun(definitions, options, findings);
        foreach (var check in s_checks)
        {
            check(run);
        }
        return [.. findings.Ordered().Select(error => definitions.Environment.Lenient.Contains(error.Rule, StringComparer.Ordinal) ? error with { Severity = Severity.Warning } : error)];
    }
}
