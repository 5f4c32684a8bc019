using System.Text.Json.Nodes;

namespace ToolBackend.Vapi.Definitions.Schemas;

/// <summary>Our own schemas (<c>vapi/schema/*.json</c>, built in): what editors complete with and what the validator holds files against.</summary>
internal static class DefinitionSchemas
{
    private static readonly Lazy<Dictionary<ResourceKind, JsonSchema>> s_byKind = new(() => ResourceKinds.All.ToDictionary(kind => kind, kind => Open(FileOf(kind))));
    private static readonly Lazy<JsonSchema> s_environment = new(() => Open("environment.json"));
    private static readonly Lazy<JsonSchema> s_fallback = new(() => Open("common.json#/$defs/fallback"));

    /// <summary>The body of a resource, and <c>fallback</c> or <c>routing</c> where the kind has them.</summary>
    public static JsonSchema Of(ResourceKind kind) => s_byKind.Value[kind];

    public static JsonSchema Environment => s_environment.Value;

    public static JsonSchema Fallback => s_fallback.Value;

    public static string FileOf(ResourceKind kind) => kind switch
    {
        ResourceKind.Assistant => "assistant.json",
        ResourceKind.Tool => "tool.json",
        ResourceKind.Squad => "squad.json",
        ResourceKind.StructuredOutput => "structured-output.json",
        ResourceKind.PhoneNumber => "phone-number.json",
        ResourceKind.Credential => "credential.json",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    /// <summary>The text of a built-in schema file.</summary>
    public static string Text(string file)
    {
        using var stream = typeof(DefinitionSchemas).Assembly.GetManifestResourceStream("vapi.schema." + file) ?? throw new InvalidDataException($"No schema {file} is built in.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private static JsonSchema Open(string reference) => new SchemaReader(file => JsonNode.Parse(Text(file))!.AsObject()).Read(reference);
}
