using System.Text.RegularExpressions;

namespace ToolBackend.Vapi.Definitions.Schemas;

/// <summary>One member of an object.</summary>
/// <param name="Own">Ours, not Vapi's (<c>x-own</c>).</param>
internal sealed record SchemaMember(JsonSchema Schema, bool Deprecated, bool Own);

/// <summary>
/// The subset of JSON Schema that our own files use, ready to validate with. Made by <see cref="SchemaReader"/> from our dialect and by
/// <c>OpenApiReader</c> from Vapi's document. Graphs may be cyclic, so instances are filled after they are made.
/// </summary>
internal sealed class JsonSchema
{
    /// <summary>For messages and to see cycles: the definition's name, or a path.</summary>
    public required string Name { get; init; }

    public JsonTypes Types { get; set; } = JsonTypes.Any;

    public Dictionary<string, SchemaMember> Members { get; } = new(StringComparer.Ordinal);

    public List<string> Required { get; } = [];

    /// <summary>No members but the named ones.</summary>
    public bool Closed { get; set; }

    /// <summary>Schema of members that are not named.</summary>
    public JsonSchema? Additional { get; set; }

    public JsonSchema? Items { get; set; }

    /// <summary>The only allowed texts.</summary>
    public List<string>? Enum { get; set; }

    public double? Minimum { get; set; }

    public double? Maximum { get; set; }

    public int? MinLength { get; set; }

    public int? MaxLength { get; set; }

    public int? MinItems { get; set; }

    public int? MaxItems { get; set; }

    public Regex? Pattern { get; set; }

    /// <summary>The value is one of these; told apart by <see cref="Branches"/>.</summary>
    public List<JsonSchema> OneOf { get; } = [];
}
