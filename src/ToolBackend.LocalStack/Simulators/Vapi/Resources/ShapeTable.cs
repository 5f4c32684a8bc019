using System.Text.Json.Nodes;

namespace ToolBackend.LocalStack.Simulators.Vapi.Resources;

/// <summary>
/// The members that Vapi's API knows, for each resource and what is inside of it: <c>shapes.json</c>, distilled from Vapi's OpenAPI document of 18 August 2026 by
/// <see cref="ShapeDistiller"/>. Providers that nobody here uses are known by name and not looked into.
/// </summary>
internal sealed class ShapeTable
{
    private readonly Dictionary<string, Dictionary<string, ShapeMember>> _named;
    private readonly Dictionary<string, Shape> _bodies;

    private ShapeTable(JsonObject table)
    {
        _named = table["shapes"]!.AsObject().ToDictionary(shape => shape.Key, shape => Members(shape.Value!.AsObject()), StringComparer.Ordinal);
        _bodies = table["bodies"]!.AsObject().ToDictionary(body => body.Key, body => Shape.Parse(body.Value), StringComparer.Ordinal);
    }

    public static ShapeTable Vapi { get; } = Load();

    /// <summary>Members of a named shape; a required one has <c>!</c> after its name in the file.</summary>
    public IReadOnlyDictionary<string, ShapeMember> this[string name] => _named[name];

    /// <summary>What may be sent, such as <c>POST assistant</c> or <c>PATCH tool</c>.</summary>
    public Shape Body(string request) => _bodies[request];

    private static Dictionary<string, ShapeMember> Members(JsonObject members) => members.ToDictionary(
        member => member.Key.TrimEnd('!'), member => new ShapeMember(Shape.Parse(member.Value), member.Key.EndsWith('!')), StringComparer.Ordinal);

    private static ShapeTable Load()
    {
        using var stream = typeof(ShapeTable).Assembly.GetManifestResourceStream("shapes.json")!;
        return new ShapeTable(JsonNode.Parse(stream)!.AsObject());
    }
}
