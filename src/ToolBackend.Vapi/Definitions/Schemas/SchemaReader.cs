using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace ToolBackend.Vapi.Definitions.Schemas;

/// <summary>Reads schemas written in the subset of JSON Schema 2020-12 that <c>vapi/schema</c> uses. References go to <c>#/$defs/x</c> or <c>file.json#/$defs/x</c>.</summary>
/// <param name="open">The document in a schema file of that name.</param>
internal sealed class SchemaReader(Func<string, JsonObject> open)
{
    private readonly Dictionary<string, JsonObject> _documents = new(StringComparer.Ordinal);
    private readonly Dictionary<string, JsonSchema> _schemas = new(StringComparer.Ordinal);

    /// <param name="reference">A file, with or without <c>#/$defs/x</c>.</param>
    /// <exception cref="InvalidDataException">The schema files themselves are wrong.</exception>
    public JsonSchema Read(string reference)
    {
        if (_schemas.TryGetValue(reference, out var known))
        {
            return known;
        }

        var (file, pointer) = reference.Split('#') is [var f, var p] ? (f, p) : (reference, "");
        if (!_documents.TryGetValue(file, out var document))
        {
            _documents[file] = document = open(file);
        }

        var name = pointer.Length == 0 ? file : pointer[(pointer.LastIndexOf('/') + 1)..];
        var node = pointer.Length == 0 ? document : document["$defs"]?[name] as JsonObject;
        if (node is null || (pointer.Length > 0 && pointer != "/$defs/" + name))
        {
            throw new InvalidDataException($"{reference} does not exist.");
        }
        if (Target(node, file) is { } target)
        {
            return _schemas[reference] = Read(target);
        }

        var schema = new JsonSchema { Name = name };
        _schemas[reference] = schema;
        Fill(schema, node, file, name);
        return schema;
    }

    private JsonSchema ReadNode(JsonObject node, string file, string path)
    {
        if (Target(node, file) is { } reference)
        {
            return Read(reference);
        }
        var schema = new JsonSchema { Name = path };
        Fill(schema, node, file, path);
        return schema;
    }

    private void Fill(JsonSchema schema, JsonObject node, string file, string path)
    {
        foreach (var (keyword, value) in node)
        {
            switch (keyword)
            {
                case "type":
                    schema.Types = value is JsonArray several
                        ? several.Aggregate(JsonTypes.None, (types, word) => types | JsonTypesOf.Named((string?)word))
                        : JsonTypesOf.Named((string?)value);
                    break;
                case "properties":
                    foreach (var (name, member) in value!.AsObject())
                    {
                        var declared = member!.AsObject();
                        schema.Members[name] = new SchemaMember(ReadNode(declared, file, $"{path}.{name}"), Is(declared, "deprecated"), Is(declared, "x-own"));
                    }
                    break;
                case "required":
                    schema.Required.AddRange(value!.AsArray().Select(name => (string)name!));
                    break;
                case "additionalProperties":
                    if (value is JsonObject additional)
                    {
                        schema.Additional = ReadNode(additional, file, path + ".*");
                    }
                    schema.Closed = value is JsonValue flag && !(bool)flag;
                    break;
                case "items":
                    schema.Items = ReadNode(value!.AsObject(), file, path + "[]");
                    break;
                case "enum":
                    schema.Enum = [.. value!.AsArray().Select(text => (string)text!)];
                    break;
                case "minimum": schema.Minimum = (double)value!; break;
                case "maximum": schema.Maximum = (double)value!; break;
                case "minLength": schema.MinLength = (int)value!; break;
                case "maxLength": schema.MaxLength = (int)value!; break;
                case "minItems": schema.MinItems = (int)value!; break;
                case "maxItems": schema.MaxItems = (int)value!; break;
                case "pattern":
                    schema.Pattern = Compile((string)value!);
                    break;
                case "oneOf":
                    schema.OneOf.AddRange(value!.AsArray().Select((branch, index) => ReadNode(branch!.AsObject(), file, JsonPaths.Item(path, index))));
                    break;
                case "$schema" or "$defs" or "title" or "description" or "default" or "deprecated" or "x-own":
                    break;
                default:
                    throw new InvalidDataException($"{path} in {file} uses {keyword}, which is not part of the subset.");
            }
        }
    }

    // Linear time on any input: definition files may come from strangers, in a pull request.
    internal static Regex Compile(string pattern) => new(pattern, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture);

    private static string? Target(JsonObject node, string file) => (string?)node["$ref"] is { } target ? target.StartsWith('#') ? file + target : target : null;

    private static bool Is(JsonObject node, string flag) => node[flag] is JsonValue value && value.TryGetValue(out bool set) && set;
}
