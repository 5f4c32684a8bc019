using System.Text.Json;
using System.Text.Json.Nodes;
using ToolBackend.Voice.Language;

namespace ToolBackend.Voice.Tools;

/// <summary>Arguments as a model wrote them.</summary>
internal static class ModelArguments
{
    /// <summary>Empty when they are no JSON object: what is missing the tool will say.</summary>
    public static JsonObject Of(ModelToolCall call)
    {
        try
        {
            return JsonNode.Parse(call.Arguments) as JsonObject ?? [];
        }
        catch (JsonException)
        {
            return [];
        }
    }
}
