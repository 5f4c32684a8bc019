using System.Text.Json.Nodes;
using ToolBackend.Vapi.Definitions;
using ToolBackend.Vapi.Sync.Comparison;

namespace ToolBackend.Vapi.Sync.Planning;

/// <summary>What the files want one resource to be.</summary>
/// <param name="Body">To be sent, once names are ids and secrets are filled in. Not to be changed.</param>
/// <param name="Compared">The same in normal form, to compare and show.</param>
public sealed record WantedResource(ResourceKey Key, ResourceDefinition Definition, JsonObject Body, JsonObject Compared)
{
    /// <summary>What it is looked up by; null for what Vapi keeps without a name, such as an endCall tool.</summary>
    public string? VapiName => World.RemoteResource.NameOf(Key.Kind, Body);

    /// <summary>All that it refers to.</summary>
    public IEnumerable<ResourceKey> References => ReferenceTable.Find(Body).Select(reference => new ResourceKey(SyncKinds.Of(reference.Kind), reference.Name));
}

/// <summary>All that the files want, in the order of creation.</summary>
public static class WantedResources
{
    /// <summary>Member of an assistant's metadata that says whose it is.</summary>
    public const string Marker = "toolbackend";

    public static IReadOnlyList<WantedResource> Of(DefinitionSet definitions, Normaliser normaliser)
    {
        var linked = LinksFromOutputs(definitions);
        var wanted = new List<WantedResource>();
        foreach (var definition in definitions.Resources)
        {
            var body = (JsonObject)definition.Body.DeepClone();
            switch (definition.Kind)
            {
                case ResourceKind.Assistant:
                    AddLinks(body, linked[definition.Name]);
                    Mark(body, MarkerOf(definitions.Environment.Name, definition.Name));
                    break;
                case ResourceKind.StructuredOutput:
                    body.Remove("assistantIds");
                    break;
            }

            wanted.Add(new WantedResource(new ResourceKey(SyncKinds.Of(definition.Kind), definition.Name), definition, body, normaliser.Files(body)));
            if (definition.Routing is { } routing)
            {
                var addresses = Routing(routing, definition.Body.TextAt("number"));
                var compared = Normaliser.WithoutServerMade(SyncKind.NumberRouting, (JsonObject)addresses.DeepClone());
                wanted.Add(new WantedResource(new ResourceKey(SyncKind.NumberRouting, definition.Name), definition, addresses, compared));
            }
        }

        return [.. wanted.OrderBy(resource => resource.Key, ResourceKey.Order)];
    }

    /// <summary>What an assistant of ours carries.</summary>
    public static string MarkerOf(string environment, string name) => $"{environment}/{name}";

    // The link between an output and an assistant has two sides at Vapi, and writing one moves the other: here the assistant's side alone is written.
    private static ILookup<string, string> LinksFromOutputs(DefinitionSet definitions) => definitions.Of(ResourceKind.StructuredOutput)
        .SelectMany(output => output.Body.TextsAt("assistantIds").Select(entry => (Assistant: entry.Text, Output: output.Name)))
        .ToLookup(link => link.Assistant, link => link.Output, StringComparer.Ordinal);

    private static void AddLinks(JsonObject assistant, IEnumerable<string> outputs)
    {
        foreach (var output in outputs)
        {
            if (assistant["artifactPlan"] is not JsonObject plan)
            {
                assistant["artifactPlan"] = plan = [];
            }

            if (plan["structuredOutputIds"] is not JsonArray ids)
            {
                plan["structuredOutputIds"] = ids = [];
            }

            if (ids.All(id => id.AsText() != output))
            {
                ids.Add(output);
            }
        }
    }

    private static void Mark(JsonObject assistant, string marker)
    {
        if (assistant["metadata"] is not JsonObject metadata)
        {
            assistant["metadata"] = metadata = [];
        }

        metadata[Marker] = marker;
    }

    private static JsonObject Routing(NumberRouting routing, string? number)
    {
        var body = new JsonObject();
        foreach (var (name, value) in new[]
                 {
                     ("number", number), ("voiceUrl", routing.VoiceUrl), ("voiceFallbackUrl", routing.VoiceFallbackUrl), ("statusCallback", routing.StatusCallback),
                 })
        {
            if (value is not null)
            {
                body[name] = value;
            }
        }

        return body;
    }
}
