using System.Text.Json.Nodes;

namespace ToolBackend.LocalStack.Simulators.Vapi.Resources;

/// <summary>What one kind of configuration object is like.</summary>
/// <param name="Path">Of its endpoints, such as <c>phone-number</c>.</param>
/// <param name="Noun">As error messages call it.</param>
/// <param name="Discriminator">The member that tells its sub-kinds apart; null when there are none.</param>
/// <param name="IsVersioned">Whether it has <c>latestVersion</c>.</param>
/// <param name="Filters">Words of its list's query beyond limit, ranges and pages.</param>
internal sealed record ResourceKind(string Path, string Noun, string? Discriminator, bool IsVersioned, IReadOnlyList<string> Filters)
{
    public static IReadOnlyList<ResourceKind> All { get; } =
    [
        new("assistant", "assistant", null, IsVersioned: true, []),
        new("tool", "tool", "type", IsVersioned: true, []),
        new("squad", "squad", null, IsVersioned: false, ["idAny"]),
        new("phone-number", "phone number", "provider", IsVersioned: false, []),
        new("credential", "credential", "provider", IsVersioned: false, []),
        new("structured-output", "structured output", null, IsVersioned: false, ["id", "name"]),
    ];

    public static ResourceKind Of(string path) => All.FirstOrDefault(kind => kind.Path == path) ?? throw new ArgumentException($"No resource {path}.", nameof(path));

    public IReadOnlyList<string> CheckCreate(JsonObject body) => ShapeCheck.Run(ShapeTable.Vapi, ShapeTable.Vapi.Body("POST " + Path), body);

    /// <summary>Rules that a change breaks. A tool's and a structured output's <c>type</c> cannot even be repeated.</summary>
    public IReadOnlyList<string> CheckPatch(JsonObject body, JsonObject current)
    {
        var shape = ShapeTable.Vapi.Body("PATCH " + Path);
        if (shape is ByMember union)
        {
            var name = current[Discriminator!]!.GetValue<string>();
            shape = union.Cases.TryGetValue(name, out var own) ? own : new Any();
        }

        var rules = ShapeCheck.Run(ShapeTable.Vapi, shape, body);
        return Path is "tool" or "structured-output" && body.ContainsKey("type") ? ["property type should not exist", .. rules] : rules;
    }
}
