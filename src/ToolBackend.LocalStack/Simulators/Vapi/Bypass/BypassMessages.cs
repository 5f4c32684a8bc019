using System.Text.Json.Nodes;
using ToolBackend.LocalStack.Simulators.Vapi.Calls;

namespace ToolBackend.LocalStack.Simulators.Vapi.Bypass;

/// <summary>Server messages of a bypass call, and what it remembers of its conversation.</summary>
internal sealed class BypassMessages(string callId, string callSid, string? assistantId, string? squadId, JsonObject? customer, TimeProvider time)
{
    public const string ControlType = "phone-call-control";

    private readonly List<JsonObject> _history = [];
    private int _step;

    public ScriptedMessage Status(string status, string? endedReason = null)
    {
        var message = New("status-update");
        message["status"] = status;
        if (endedReason is not null)
        {
            message["endedReason"] = endedReason;
        }

        return Wrap(message);
    }

    public ScriptedMessage Started(string assistant)
    {
        var message = New("assistant.started");
        message["newAssistant"] = new JsonObject { ["name"] = assistant };
        return Wrap(message);
    }

    public ScriptedMessage Conversation()
    {
        var message = New("conversation-update");
        message["messages"] = new JsonArray([.. _history.Select(h => h.DeepClone())]);
        return Wrap(message);
    }

    public ScriptedMessage ToolCall(string id, string name, string arguments)
    {
        var message = New("tool-calls");
        message["toolCallList"] = new JsonArray(Call(id, name, arguments));
        _history.Add(new JsonObject { ["role"] = "tool_calls", ["time"] = Now, ["toolCalls"] = new JsonArray(Call(id, name, arguments, asText: true)) });
        return Wrap(message);
    }

    /// <param name="forwardTo">E.164; null: hang up.</param>
    public ScriptedMessage Control(string? forwardTo)
    {
        var message = New(ControlType);
        message["request"] = forwardTo is null ? "hang-up" : "forward";
        if (forwardTo is not null)
        {
            message["destination"] = new JsonObject { ["type"] = "number", ["number"] = forwardTo, ["message"] = "One moment, please.", ["transferPlan"] = new JsonObject { ["mode"] = "blind-transfer", ["dialTimeout"] = 20 } };
        }

        return Wrap(message);
    }

    public ScriptedMessage Report(string endedReason, DateTimeOffset startedAt)
    {
        var message = New("end-of-call-report");
        message["endedReason"] = endedReason;
        message["startedAt"] = Times.Iso(startedAt);
        message["endedAt"] = Times.Iso(time.GetUtcNow());
        message["artifact"] = new JsonObject { ["messages"] = new JsonArray([.. _history.Select(h => h.DeepClone())]) };
        return Wrap(message);
    }

    public void Said(string role, string text, DateTimeOffset from) => _history.Add(new JsonObject
    {
        ["role"] = role,
        ["message"] = text,
        ["time"] = from.ToUnixTimeMilliseconds(),
        ["endTime"] = Now,
    });

    public void Returned(string id, string name, string result) =>
        _history.Add(new JsonObject { ["role"] = "tool_call_result", ["toolCallId"] = id, ["name"] = name, ["result"] = result, ["time"] = Now });

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <param name="asText">In the history arguments are text, whatever they were on the wire.</param>
    private static JsonObject Call(string id, string name, string arguments, bool asText = false) =>
        new() { ["id"] = id, ["type"] = "function", ["function"] = new JsonObject { ["name"] = name, ["arguments"] = asText ? arguments : JsonNode.Parse(arguments) } };

    private JsonObject New(string type) => new()
    {
        ["timestamp"] = Now,
        ["type"] = type,
        ["call"] = new JsonObject
        {
            ["id"] = callId,
            ["orgId"] = CallIds.Org,
            ["type"] = "inboundPhoneCall",
            ["status"] = "queued",
            ["assistantId"] = assistantId,
            ["squadId"] = squadId,
            ["phoneCallProvider"] = "twilio",
            ["phoneCallProviderId"] = callSid,
            ["customer"] = customer?.DeepClone(),
        },
    };

    private ScriptedMessage Wrap(JsonObject message) => new(
        _step++, message["type"]!.GetValue<string>(), TimeSpan.Zero, System.Text.Encoding.UTF8.GetBytes(new JsonObject { ["message"] = message }.ToJsonString()));
}
