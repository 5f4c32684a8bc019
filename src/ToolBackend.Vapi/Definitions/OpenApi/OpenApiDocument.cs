using System.Text.Json;
using System.Text.Json.Nodes;
using ToolBackend.Vapi.Definitions.Schemas;

namespace ToolBackend.Vapi.Definitions.OpenApi;

/// <summary>Which request a payload is for.</summary>
public enum PayloadUse
{
    /// <summary>POST.</summary>
    Create,

    /// <summary>PATCH.</summary>
    Update,
}

/// <summary>Vapi's OpenAPI document (<c>https://api.vapi.ai/api-json</c>, or <c>fern/apis/api/openapi.json</c> of its documentation): what the API takes.</summary>
public sealed class OpenApiDocument
{
    private readonly JsonObject _root;
    private readonly OpenApiReader _reader;
    private readonly Dictionary<(ResourceKind, PayloadUse), JsonSchema> _payloads = [];
    private readonly Lock _reading = new();

    private OpenApiDocument(JsonObject root)
    {
        _root = root;
        _reader = new OpenApiReader(root.ObjectAt("components.schemas") ?? throw new InvalidDataException("components.schemas is missing."));
    }

    /// <exception cref="InvalidDataException">The file cannot be read or is not such a document; the message says why.</exception>
    public static OpenApiDocument Load(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            return Parse(JsonNode.Parse(file, documentOptions: new JsonDocumentOptions { MaxDepth = 128 }));
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new InvalidDataException($"{path} is not an OpenAPI document that can be read: {unreadable.Message}", unreadable);
        }
    }

    /// <exception cref="InvalidDataException">It is not such a document.</exception>
    public static OpenApiDocument Parse(JsonNode? document) =>
        document is JsonObject root && root.TextAt("openapi")?.StartsWith("3.", StringComparison.Ordinal) is true
            ? new OpenApiDocument(root)
            : throw new InvalidDataException("This is not an OpenAPI 3 document.");

    /// <summary>What the API would refuse about a payload, empty when nothing: one sentence each, beginning with the path.</summary>
    public IReadOnlyList<string> ProblemsIn(ResourceKind kind, JsonObject payload, PayloadUse use) =>
        [.. SchemaValidator.Validate(payload, Payload(kind, use)).Where(p => p.Severity is Severity.Error).Select(p => $"{p.Path}: {p.Message}")];

    internal JsonSchema Payload(ResourceKind kind, PayloadUse use)
    {
        lock (_reading)
        {
            return _payloads.TryGetValue((kind, use), out var known) ? known : _payloads[(kind, use)] = ReadPayload(kind, use);
        }
    }

    private JsonSchema ReadPayload(ResourceKind kind, PayloadUse use)
    {
        if (kind is ResourceKind.Credential)
        {
            return Credentials(use);
        }

        // Paths hold slashes and braces, so they are no dotted paths.
        var (path, verb) = use is PayloadUse.Create ? (kind.RestPath(), "post") : (kind.RestPath() + "/{id}", "patch");
        var content = _root["paths"] is JsonObject paths ? paths[path].At($"{verb}.requestBody.content") as JsonObject : null;
        return content?["application/json"].At("schema") is JsonObject schema
            ? _reader.Read(schema, kind.Noun())
            : throw new InvalidDataException($"The document does not describe {verb.ToUpperInvariant()} {path}.");
    }

    /// <summary>The document has no path for credentials, but it has their schemas.</summary>
    private JsonSchema Credentials(PayloadUse use)
    {
        var union = new JsonSchema { Name = "credential" };
        var prefix = use.ToString();
        var names = _root.ObjectAt("components.schemas")!.Select(s => s.Key).Where(n => n.StartsWith(prefix, StringComparison.Ordinal) && n.EndsWith("CredentialDTO", StringComparison.Ordinal));
        union.OneOf.AddRange(names.Order(StringComparer.Ordinal).Select(_reader.Component));
        return union;
    }
}
