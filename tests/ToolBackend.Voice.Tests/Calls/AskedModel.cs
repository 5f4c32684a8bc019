using System.Text.Json.Nodes;
using ToolBackend.LocalStack.Simulators.Language;

namespace ToolBackend.Voice.Tests.Calls;

/// <summary>What a simulated model was told of a conversation.</summary>
internal static class AskedModel
{
    /// <summary>With the request that came last: "user: Hello." and the like, without the prompt and without calls of tools.</summary>
    public static IReadOnlyList<string> Last(LanguageSimulator model) =>
        [.. JsonNode.Parse(model.Requests.All[^1].Body)!["messages"]!.AsArray().Where(m => (string?)m!["role"] is not "system" && (string?)m["content"] is { Length: > 0 }).Select(m => $"{m!["role"]}: {m["content"]}")];
}
