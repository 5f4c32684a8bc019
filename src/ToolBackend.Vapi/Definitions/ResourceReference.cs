namespace ToolBackend.Vapi.Definitions;

/// <summary>A place in a body where the files name another resource and Vapi wants its id.</summary>
/// <param name="Path">For example <c>model.toolIds[2]</c>; see <see cref="JsonPaths"/>.</param>
/// <param name="Kind">What is named.</param>
/// <param name="Name">The named resource's <see cref="ResourceDefinition.Name"/>.</param>
public sealed record ResourceReference(string Path, ResourceKind Kind, string Name);
