using System.Text.Json.Nodes;
using ToolBackend.Vapi.Definitions.Schemas;

namespace ToolBackend.Vapi.Definitions.OpenApi;

/// <summary>Reads schemas of Vapi's OpenAPI 3.0 document, with its quirks, so that they can be validated with and compared.</summary>
/// <remarks>
/// Vapi refuses members it does not know although the document does not say so: every object with properties is closed. <c>type: object</c> stands also for
/// text with an enum (<c>BackoffPlan.type</c>) and, as the items of a list, for anything (<c>excludedStatusCodes</c>). Lists repeat their items' enum and length.
/// Patterns are written <c>/.../flags</c>.
/// </remarks>
internal sealed class OpenApiReader(JsonObject components)
{
    private const string Prefix = "#/components/schemas/";

    private readonly Dictionary<string, JsonSchema> _components = new(StringComparer.Ordinal);

    public JsonSchema Component(string name)
    {
        if (_components.TryGetValue(name, out var known))
        {
            return known;
        }
        var schema = new JsonSchema { Name = name };
        _components[name] = schema;
        Fill(schema, components[name] as JsonObject ?? throw new InvalidDataException($"The document has no schema {name}."), name);
        return schema;
    }

    public JsonSchema Read(JsonObject node, string path)
    {
        if (node["$ref"].AsText() is { } reference)
        {
            return Component(reference.StartsWith(Prefix, StringComparison.Ordinal) ? reference[Prefix.Length..] : throw new InvalidDataException($"{path} refers to {reference}."));
        }
        if (node["oneOf"] is null && node["allOf"] is JsonArray { Count: 1 } only && only[0] is JsonObject single)
        {
            return Read(single, path);
        }
        var schema = new JsonSchema { Name = path };
        Fill(schema, node, path);
        return schema;
    }

    private void Fill(JsonSchema schema, JsonObject node, string path)
    {
        if (node["oneOf"] is JsonArray branches)
        {
            schema.OneOf.AddRange(branches.OfType<JsonObject>().Select((branch, index) => Read(branch, JsonPaths.Item(path, index))));
            return;
        }

        var texts = node.TextsAt("enum").Select(e => e.Text).Distinct(StringComparer.Ordinal).ToList();
        var type = JsonTypesOf.Named(node["type"].AsText());
        schema.Types = type switch
        {
            JsonTypes.None => JsonTypes.Any,
            JsonTypes.Object when texts.Count > 0 => JsonTypes.String,
            JsonTypes.Object when path.EndsWith("[]", StringComparison.Ordinal) && node["properties"] is null => JsonTypes.Any,
            _ => type,
        };
        if (schema.Types == JsonTypes.String && texts.Count > 0)
        {
            schema.Enum = texts;
        }
        if (node.FlagAt("nullable") is true)
        {
            schema.Types |= JsonTypes.Null;
        }

        schema.Minimum = node.NumberAt("minimum");
        schema.Maximum = node.NumberAt("maximum");
        if (schema.Types.HasFlag(JsonTypes.String))
        {
            schema.MinLength = (int?)node.NumberAt("minLength");
            schema.MaxLength = (int?)node.NumberAt("maxLength");
        }
        schema.MinItems = (int?)node.NumberAt("minItems");
        schema.MaxItems = (int?)node.NumberAt("maxItems");
        if (node["pattern"].AsText() is { } pattern)
        {
            try
            {
                schema.Pattern = SchemaReader.Compile(Bare(pattern));
            }
            catch (Exception foreign) when (foreign is ArgumentException or NotSupportedException)
            {
                schema.Pattern = null; // JavaScript's syntax or a look-around: Vapi itself will check it
            }
        }

        if (node["items"] is JsonObject { Count: > 0 } items)
        {
            schema.Items = Read(items, path + "[]");
        }
        if (node["additionalProperties"] is JsonObject additional)
        {
            schema.Additional = Read(additional, path + ".*");
        }
        if (node["properties"] is JsonObject properties)
        {
            schema.Closed = schema.Additional is null;
            foreach (var (name, member) in properties)
            {
                if (member is JsonObject declared)
                {
                    schema.Members[name] = new SchemaMember(Read(declared, $"{path}.{name}"), declared.FlagAt("deprecated") is true, Own: false);
                }
            }
        }
        schema.Required.AddRange(node.TextsAt("required").Select(r => r.Text));
    }

    internal static string Bare(string pattern) => pattern.StartsWith('/') && pattern.LastIndexOf('/') is > 0 and var end ? pattern[1..end] : pattern;
}
