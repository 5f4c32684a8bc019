using System.Collections.Frozen;
using System.Text.Json.Nodes;

namespace ToolBackend.Vapi.Definitions;

/// <summary>The members of Vapi's bodies that hold ids of other resources. In files they hold names.</summary>
/// <remarks>A value that is a UUID already stands for itself: a resource that these files do not define.</remarks>
public static class ReferenceTable
{
    private static readonly FrozenDictionary<string, ResourceKind> Members = new Dictionary<string, ResourceKind>(StringComparer.Ordinal)
    {
        ["toolId"] = ResourceKind.Tool,                             // model.toolRefs[], hooks[].do[]
        ["toolIds"] = ResourceKind.Tool,                            // model
        ["structuredOutputIds"] = ResourceKind.StructuredOutput,    // artifactPlan
        ["assistantId"] = ResourceKind.Assistant,                   // squad members, handoff destinations, phone numbers
        ["assistantIds"] = ResourceKind.Assistant,                  // structured outputs
        ["squadId"] = ResourceKind.Squad,                           // phone numbers, handoff destinations
        ["credentialId"] = ResourceKind.Credential,                 // every server, apiRequest tools
        ["credentialIds"] = ResourceKind.Credential,                // assistants
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Members whose content is the user's own and may use any name: JSON schemas, headers, values.</summary>
    private static readonly FrozenSet<string> FreeForm =
        FrozenSet.Create(StringComparer.Ordinal, "metadata", "parameters", "schema", "headers", "body", "variableValues", "content", "properties");

    public static IReadOnlyList<ResourceReference> Find(JsonObject body)
    {
        var found = new List<ResourceReference>();
        Visit(body, "", (node, path, kind) =>
        {
            if (NameIn(node) is { } name)
            {
                found.Add(new ResourceReference(path, kind, name));
            }
            return node;
        });
        return found;
    }

    /// <summary>A copy with <paramref name="idOf"/> in place of each name; without the reference where that is null.</summary>
    public static JsonObject Replace(JsonObject body, Func<ResourceReference, string?> idOf)
    {
        var copy = (JsonObject)body.DeepClone();
        Visit(copy, "", (node, path, kind) => NameIn(node) is { } name ? idOf(new ResourceReference(path, kind, name)) is { } id ? JsonValue.Create(id) : null : node);
        return copy;
    }

    /// <summary>A copy with names in place of ids; an id whose name is null stays.</summary>
    public static JsonObject ReplaceIds(JsonObject body, Func<ResourceKind, string, string?> nameOf)
    {
        var copy = (JsonObject)body.DeepClone();
        Visit(copy, "", (node, _, kind) => node.AsText() is { } id && Guid.TryParse(id, out var _) && nameOf(kind, id) is { } name ? JsonValue.Create(name) : node);
        return copy;
    }

    /// <summary>Whether the member holds the name or id of another resource.</summary>
    public static bool TryGetKind(string member, out ResourceKind kind) => Members.TryGetValue(member, out kind);

    private static void Visit(JsonObject parent, string parentPath, Func<JsonNode?, string, ResourceKind, JsonNode?> change)
    {
        foreach (var (name, value) in parent.ToList())
        {
            var path = JsonPaths.Member(parentPath, name);
            if (Members.TryGetValue(name, out var kind))
            {
                if (value is JsonArray list)
                {
                    for (int index = 0, written = 0; index < list.Count; written++)
                    {
                        var item = list[index];
                        var changed = change(item, JsonPaths.Item(path, written), kind);
                        if (changed is null && item is not null)
                        {
                            list.RemoveAt(index);
                            continue;
                        }
                        if (!ReferenceEquals(changed, item))
                        {
                            list[index] = changed;
                        }
                        index++;
                    }
                }
                else
                {
                    var changed = change(value, path, kind);
                    if (changed is null && value is not null)
                    {
                        parent.Remove(name);
                    }
                    else if (!ReferenceEquals(changed, value))
                    {
                        parent[name] = changed;
                    }
                }
            }
            else if (value is JsonObject child && !FreeForm.Contains(name))
            {
                Visit(child, path, change);
            }
            else if (value is JsonArray items && !FreeForm.Contains(name))
            {
                for (var index = 0; index < items.Count; index++)
                {
                    if (items[index] is JsonObject item)
                    {
                        Visit(item, JsonPaths.Item(path, index), change);
                    }
                }
            }
        }
    }

    private static string? NameIn(JsonNode? node) =>
        node is JsonValue value && value.TryGetValue(out string? name) && name.Length > 0 && !Guid.TryParse(name, out _) ? name : null;
}
