namespace ToolBackend.Vapi.Definitions;

/// <summary>All definitions of one environment.</summary>
public sealed record DefinitionSet(EnvironmentSettings Environment, IReadOnlyList<ResourceDefinition> Resources)
{
    private readonly Dictionary<(ResourceKind, string), ResourceDefinition> _byName = Resources.ToDictionary(r => (r.Kind, r.Name));

    /// <summary>Null when no file defines it.</summary>
    public ResourceDefinition? Find(ResourceKind kind, string name) => _byName.GetValueOrDefault((kind, name));

    public IEnumerable<ResourceDefinition> Of(ResourceKind kind) => Resources.Where(r => r.Kind == kind);
}
