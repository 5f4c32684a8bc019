using System.Text.Json;
using System.Text.Json.Nodes;

namespace ToolBackend.LocalStack.Simulators.Language;

/// <summary>A tool call in a conversation.</summary>
/// <param name="Arguments">JSON text.</param>
public sealed record CompletionToolCall(string Id, string Name, string Arguments);

/// <summary>A message of a conversation. What is absent is empty.</summary>
/// <param name="Role">system, user, assistant or tool.</param>
public sealed record CompletionMessage(string Role, string Content, IReadOnlyList<CompletionToolCall> ToolCalls, string? ToolCallId);

/// <summary>A request for an answer that was found valid.</summary>
/// <param name="Body">As it came.</param>
public sealed record CompletionRequest(SimulatedVendor Vendor, string Model, IReadOnlyList<CompletionMessage> Messages, JsonObject Body)
{
    /// <summary>Names of the tools that may be called.</summary>
    public IReadOnlyList<string> Tools { get; init; } = [];

    public double? Temperature { get; init; }

    /// <summary>Null: the vendor's default.</summary>
    public int? MaxTokens { get; init; }

    public bool IncludesUsage { get; init; }

    /// <summary>Header <c>x-session-affinity</c>.</summary>
    public string? Affinity { get; init; }

    /// <summary>What the caller said last; empty when nothing was said yet.</summary>
    public string LastUserText => Messages.LastOrDefault(message => message.Role == "user")?.Content ?? string.Empty;

    /// <summary>The results that the model was given after its last tool calls; empty when the last message is not one.</summary>
    public IReadOnlyList<CompletionMessage> FreshResults => [.. Messages.Reverse().TakeWhile(message => message.Role == "tool").Reverse()];

    internal static CompletionRequest Of(SimulatedVendor vendor, JsonObject body) =>
        new(vendor, Text(body["model"]), [.. Objects(body["messages"]).Select(Message)], body)
        {
            Tools = [.. Objects(body["tools"]).Select(tool => Text((tool["function"] as JsonObject)?["name"]))],
            Temperature = Number(body["temperature"]),
            MaxTokens = (int?)Number(body["max_completion_tokens"] ?? body["max_tokens"]),
            IncludesUsage = (body["stream_options"] as JsonObject)?["include_usage"]?.GetValueKind() == JsonValueKind.True,
        };

    internal static string Text(JsonNode? node) => node?.GetValueKind() == JsonValueKind.String ? node.GetValue<string>() : string.Empty;

    internal static IEnumerable<JsonObject> Objects(JsonNode? node) => node is JsonArray array ? array.OfType<JsonObject>() : [];

    private static double? Number(JsonNode? node) => node?.GetValueKind() == JsonValueKind.Number ? node.GetValue<double>() : null;

    private static CompletionMessage Message(JsonObject message) => new(
        Text(message["role"]),
        Text(message["content"]),
        [.. Objects(message["tool_calls"]).Select(call => new CompletionToolCall(Text(call["id"]), Text((call["function"] as JsonObject)?["name"]), Text((call["function"] as JsonObject)?["arguments"])))],
        message["tool_call_id"] is { } id ? Text(id) : null);
}
