using System.Text.Json.Nodes;

namespace ToolBackend.Vapi.Definitions;

/// <summary>
/// One resource as the files say it, for one environment: variables filled in, references still by name, secrets still
/// <c>${secret:NAME}</c> (see <see cref="Secrets"/>). The body is what Vapi's API takes, member for member.
/// </summary>
/// <param name="Name">The file's name without extension; what other files refer to.</param>
/// <param name="Body">Not to be changed; clone it.</param>
/// <param name="Fallback">What only our own pipeline reads; never sent. Null when the file has none.</param>
/// <param name="Source">Where each value was written.</param>
public sealed record ResourceDefinition(ResourceKind Kind, string Name, JsonObject Body, JsonObject? Fallback, SourceMap Source)
{
    /// <summary>Phone numbers only: what Twilio must do.</summary>
    public NumberRouting? Routing { get; init; }

    public SourceLocation Location => Source.Start;

    /// <summary>The name at Vapi: <c>function.name</c> of a function tool, else <c>name</c>, else the file's name.</summary>
    public string VapiName =>
        Kind is ResourceKind.Tool && Body["function"] is JsonObject function && Text(function["name"]) is { } tool ? tool
        : Text(Body["name"]) ?? Name;

    /// <summary>All places that become ids when the resource is sent.</summary>
    public IReadOnlyList<ResourceReference> References => _references ??= ReferenceTable.Find(Body);

    private IReadOnlyList<ResourceReference>? _references;

    /// <summary>Where a value of the body was written; of the nearest enclosing one when it was not written itself.</summary>
    public SourceLocation LocationOf(string path) => Source.Of(path);

    /// <summary>A copy of the body with ids where the files have names. A reference whose id is null is left out (to be linked in a second step).</summary>
    public JsonObject WithIds(Func<ResourceReference, string?> idOf) => ReferenceTable.Replace(Body, idOf);

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : null;
}
