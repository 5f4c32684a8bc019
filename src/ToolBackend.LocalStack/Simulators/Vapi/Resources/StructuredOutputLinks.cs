using System.Text.Json.Nodes;

namespace ToolBackend.LocalStack.Simulators.Vapi.Resources;

/// <summary>
/// The link between a structured output (<c>assistantIds</c>) and assistants (<c>artifactPlan.structuredOutputIds</c>) has two sides; writing one moves the other.
/// </summary>
internal static class StructuredOutputLinks
{
    /// <summary>An output was written: its assistants are those that it names.</summary>
    public static void FollowOutput(string outputId, JsonObject output, IReadOnlyDictionary<string, JsonObject> assistants)
    {
        if (!output.ContainsKey("assistantIds"))
        {
            return;
        }

        var named = Ids(output["assistantIds"]);
        foreach (var (id, assistant) in assistants)
        {
            var plan = assistant["artifactPlan"] as JsonObject;
            var outputs = Ids(plan?["structuredOutputIds"]);
            if (named.Contains(id, StringComparer.Ordinal) == outputs.Contains(outputId, StringComparer.Ordinal))
            {
                continue;
            }

            if (plan is null)
            {
                assistant["artifactPlan"] = plan = [];
            }

            plan["structuredOutputIds"] = Array(outputs.Contains(outputId, StringComparer.Ordinal) ? outputs.Where(one => one != outputId) : outputs.Append(outputId));
        }
    }

    /// <summary>Assistants were written: outputs name those that name them.</summary>
    public static void FollowAssistants(IReadOnlyDictionary<string, JsonObject> assistants, IReadOnlyDictionary<string, JsonObject> outputs)
    {
        foreach (var (id, output) in outputs)
        {
            var naming = assistants.Where(assistant => Ids(assistant.Value["artifactPlan"]?["structuredOutputIds"]).Contains(id, StringComparer.Ordinal)).Select(assistant => assistant.Key).ToArray();
            var named = Ids(output["assistantIds"]);
            if (!named.ToHashSet(StringComparer.Ordinal).SetEquals(naming))
            {
                output["assistantIds"] = Array(named.Where(one => naming.Contains(one, StringComparer.Ordinal)).Concat(naming.Except(named, StringComparer.Ordinal)));
            }
        }
    }

    /// <summary>Something was deleted: nobody names it any more.</summary>
    public static void Forget(string path, string id, IReadOnlyDictionary<string, JsonObject> assistants, IReadOnlyDictionary<string, JsonObject> outputs)
    {
        foreach (var plan in path == "structured-output" ? assistants.Values.Select(assistant => assistant["artifactPlan"]).OfType<JsonObject>() : [])
        {
            if (Ids(plan["structuredOutputIds"]) is var before && before.Contains(id, StringComparer.Ordinal))
            {
                plan["structuredOutputIds"] = Array(before.Where(one => one != id));
            }
        }

        if (path == "assistant")
        {
            FollowAssistants(assistants, outputs);
        }
    }

    private static string[] Ids(JsonNode? list) => list is JsonArray items ? [.. items.OfType<JsonValue>().Select(item => item.ToString())] : [];

    private static JsonArray Array(IEnumerable<string> ids) => [.. ids.Select(id => JsonValue.Create(id))];
}
