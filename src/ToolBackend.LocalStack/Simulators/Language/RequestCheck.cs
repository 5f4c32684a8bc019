using System.Text.Json;
using System.Text.Json.Nodes;
using ToolBackend.LocalStack.Simulators.Language.Wire;
using static ToolBackend.LocalStack.Simulators.Language.CompletionRequest;

namespace ToolBackend.LocalStack.Simulators.Language;

/// <summary>What a vendor refuses before it generates anything.</summary>
internal static class RequestCheck
{
    private const int MostTools = 128;

    private static readonly string[] s_unknownToGroq = ["logprobs", "logit_bias", "top_logprobs"];
    private static readonly string[] s_roles = ["system", "user", "assistant", "tool", "developer"];

    /// <summary>Null for a request that is served.</summary>
    public static VendorError? Refusal(SimulatedVendor vendor, JsonObject body, ModelCatalog models)
    {
        if (Text(body["model"]) is not { Length: > 0 } model)
        {
            return VendorErrors.BadRequest(vendor, "property 'model' is missing", "model");
        }

        if (models.Refusal(vendor, model) is { } refused)
        {
            return refused;
        }

        if (body["stream"]?.GetValueKind() != JsonValueKind.True)
        {
            return VendorErrors.BadRequest(vendor, "This simulator streams only: set stream to true.", "stream");
        }

        return Parameters(vendor, body, model) ?? Conversation(vendor, body);
    }

    private static VendorError? Parameters(SimulatedVendor vendor, JsonObject body, string model)
    {
        if (body["max_tokens"] is not null && body["max_completion_tokens"] is not null)
        {
            return VendorErrors.BadRequest(vendor, "max_tokens and max_completion_tokens exclude each other", "max_tokens");
        }

        if ((body["max_completion_tokens"] ?? body["max_tokens"]) is { } limit && (limit.GetValueKind() != JsonValueKind.Number || limit.GetValue<double>() is not (>= 1 and <= 131_072)))
        {
            return VendorErrors.BadRequest(vendor, "max_tokens must be 1 or more", "max_tokens");
        }

        if (Objects(body["tools"]).Count() > MostTools)
        {
            return VendorErrors.BadRequest(vendor, $"at most {MostTools} tools are allowed", "tools");
        }

        if (body["tools"] is JsonArray { Count: 0 })
        {
            return VendorErrors.BadRequest(vendor, "'tools' must have at least one element", "tools");
        }

        return vendor == SimulatedVendor.Groq ? GroqParameters(body, model) : null;
    }

    private static VendorError? GroqParameters(JsonObject body, string model)
    {
        if (s_unknownToGroq.FirstOrDefault(name => body[name] is not null) is { } unknown)
        {
            return VendorErrors.BadRequest(SimulatedVendor.Groq, $"property '{unknown}' is unsupported", unknown);
        }

        if (body["n"] is JsonValue n && n.ToString() != "1")
        {
            return VendorErrors.BadRequest(SimulatedVendor.Groq, "'n' must be 1", "n");
        }

        if (body["reasoning_format"] is not null && body["include_reasoning"] is not null)
        {
            return VendorErrors.BadRequest(SimulatedVendor.Groq, "reasoning_format and include_reasoning exclude each other", "reasoning_format");
        }

        string[] efforts = model.Contains("gpt-oss", StringComparison.Ordinal) ? ["low", "medium", "high"] : model.Contains("qwen3", StringComparison.Ordinal) ? ["none", "default"] : [];
        return body["reasoning_effort"] is { } effort && !efforts.Contains(Text(effort), StringComparer.Ordinal)
            ? VendorErrors.BadRequest(SimulatedVendor.Groq, $"reasoning_effort '{Text(effort)}' is not supported with this model", "reasoning_effort")
            : null;
    }

    private static VendorError? Conversation(SimulatedVendor vendor, JsonObject body)
    {
        var messages = Objects(body["messages"]).ToList();
        if (messages.Count == 0)
        {
            return VendorErrors.BadRequest(vendor, "'messages' must have at least one element", "messages");
        }

        var asked = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < messages.Count; i++)
        {
            var role = Text(messages[i]["role"]);
            var at = $"messages[{i}]";
            if (!s_roles.Contains(role, StringComparer.Ordinal))
            {
                return VendorErrors.BadRequest(vendor, $"'{at}.role' is not one of {string.Join(", ", s_roles)}", at);
            }

            if (vendor == SimulatedVendor.Groq && messages[i]["name"] is not null)
            {
                return VendorErrors.BadRequest(vendor, $"'{at}': property 'name' is unsupported", at);
            }

            if (role == "tool")
            {
                if (!asked.Remove(Text(messages[i]["tool_call_id"])))
                {
                    return VendorErrors.BadRequest(vendor, $"'{at}': messages with role 'tool' must be a response to a preceding message with 'tool_calls'", at);
                }

                continue;
            }

            if (asked.Count > 0)
            {
                return VendorErrors.BadRequest(vendor, $"'{at}': an assistant message with 'tool_calls' must be followed by tool messages for each 'tool_call_id'", at);
            }

            asked = [.. Objects(messages[i]["tool_calls"]).Select(call => Text(call["id"]))];
            if (role != "assistant" && messages[i]["content"] is null)
            {
                return VendorErrors.BadRequest(vendor, $"'{at}.content' is missing", at);
            }
        }

        return asked.Count > 0 ? VendorErrors.BadRequest(vendor, "The results of the last 'tool_calls' are missing", "messages") : null;
    }
}
