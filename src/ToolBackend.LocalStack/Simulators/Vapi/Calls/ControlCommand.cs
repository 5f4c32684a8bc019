using System.Text.Json.Nodes;

namespace ToolBackend.LocalStack.Simulators.Vapi.Calls;

/// <summary>A command that came to a call's control URL.</summary>
/// <param name="Type"><c>say</c>, <c>add-message</c>, <c>control</c>, <c>end-call</c>, <c>transfer</c> or <c>handoff</c>.</param>
/// <param name="Body">The whole command.</param>
public sealed record ControlCommand(string CallId, string Type, JsonObject Body, DateTimeOffset At)
{
    internal static readonly string[] Controls = ["mute-assistant", "unmute-assistant", "say-first-message", "mute-customer", "unmute-customer"];

    /// <summary>The rule that a command breaks, or null.</summary>
    internal static string? Check(JsonObject body) => Text(body, "type") switch
    {
        "say" => Text(body, "content") is null ? "content must be a string" : null,
        "add-message" => body["message"] is JsonObject message && Text(message, "role") is not null && Text(message, "content") is not null ? null : "message must have role and content",
        "control" => Controls.Contains(Text(body, "control"), StringComparer.Ordinal) ? null : $"control must be one of the following values: {string.Join(", ", Controls)}",
        "end-call" => null,
        "transfer" => body["destination"] is JsonObject to && Text(to, "type") is "number" or "sip" ? null : "destination must be a number or a sip destination",
        "handoff" => body["destination"] is JsonObject to && Text(to, "type") == "assistant" ? null : "destination must be an assistant destination",
        _ => "type must be one of the following values: say, add-message, control, end-call, transfer, handoff",
    };

    internal static string? Text(JsonObject members, string name) => members[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
