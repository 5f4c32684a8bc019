using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ToolBackend.LocalStack.Simulators.Language.Rules;

/// <summary>Answers that several rules give.</summary>
internal static class Answers
{
    private static readonly JsonSerializerOptions s_plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A call with the arguments that have a value.</summary>
    public static CompletionAnswer Call(string tool, params ReadOnlySpan<(string Name, string? Value)> arguments)
    {
        var body = new JsonObject();
        foreach (var (name, value) in arguments)
        {
            if (value is not null)
            {
                body[name] = value;
            }
        }

        return CompletionAnswer.Call(tool, body.ToJsonString(s_plain));
    }

    /// <summary>The same call, now that the caller has clearly said yes.</summary>
    public static CompletionAnswer Confirmed(CompletionToolCall call)
    {
        var body = JsonNode.Parse(call.Arguments)!.AsObject();
        body["confirmed"] = true;
        return CompletionAnswer.Call(call.Name, body.ToJsonString(s_plain));
    }

    /// <summary>A built-in tool, which definitions may name in either way: endCall or end_call.</summary>
    public static CompletionAnswer? BuiltIn(CompletionRequest request, string name) =>
        request.Tools.FirstOrDefault(tool => tool.Replace("_", "", StringComparison.Ordinal).Equals(name, StringComparison.OrdinalIgnoreCase)) is { } found ? CompletionAnswer.Call(found, "{}") : null;
}
