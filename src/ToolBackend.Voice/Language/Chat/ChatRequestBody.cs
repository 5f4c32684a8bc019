using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ToolBackend.Voice.Language.Chat;

/// <summary>Writes the body of a streaming chat completions request.</summary>
internal static class ChatRequestBody
{
    // The body is never in a web page; escaping every apostrophe would only make it longer.
    private static readonly JsonWriterOptions s_writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static ReadOnlyMemory<byte> Of(ChatVendor vendor, ModelRequest request)
    {
        var buffer = new ArrayBufferWriter<byte>(8192);
        using (var json = new Utf8JsonWriter(buffer, s_writing))
        {
            json.WriteStartObject();
            json.WriteString("model"u8, request.Model);
            json.WriteBoolean("stream"u8, true);
            if (vendor.AsksForUsage)
            {
                json.WriteStartObject("stream_options"u8);
                json.WriteBoolean("include_usage"u8, true);
                json.WriteEndObject();
            }

            if (request.Temperature is { } temperature)
            {
                json.WriteNumber("temperature"u8, temperature);
            }

            json.WriteNumber(vendor.MaxTokensField, request.MaxTokens);
            if (vendor.Effort(request.Model, request.ReasoningEffort) is { } effort)
            {
                json.WriteString("reasoning_effort"u8, effort);
            }

            json.WriteStartArray("messages"u8);
            foreach (var message in request.Messages)
            {
                Write(json, message);
            }

            json.WriteEndArray();
            Write(json, request.Tools);
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    private static void Write(Utf8JsonWriter json, ModelMessage message)
    {
        json.WriteStartObject();
        json.WriteString("role"u8, message.Role switch { ModelRole.System => "system"u8, ModelRole.User => "user"u8, ModelRole.Assistant => "assistant"u8, _ => "tool"u8 });
        if (message.ToolCalls.Count > 0 && message.Content.Length == 0)
        {
            json.WriteNull("content"u8); // the key must be there
        }
        else
        {
            json.WriteString("content"u8, message.Content);
        }

        if (message.ToolCallId is { } id)
        {
            json.WriteString("tool_call_id"u8, id);
        }

        if (message.ToolCalls.Count > 0)
        {
            json.WriteStartArray("tool_calls"u8);
            foreach (var call in message.ToolCalls)
            {
                json.WriteStartObject();
                json.WriteString("id"u8, call.Id);
                json.WriteString("type"u8, "function"u8);
                json.WriteStartObject("function"u8);
                json.WriteString("name"u8, call.Name);
                json.WriteString("arguments"u8, IsObject(call.Arguments) ? call.Arguments : "{}");
                json.WriteEndObject();
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, IReadOnlyList<ModelTool> tools)
    {
        if (tools.Count == 0)
        {
            return; // an empty list is refused
        }

        json.WriteStartArray("tools"u8);
        foreach (var tool in tools)
        {
            json.WriteStartObject();
            json.WriteString("type"u8, "function"u8);
            json.WriteStartObject("function"u8);
            json.WriteString("name"u8, tool.Name);
            json.WriteString("description"u8, tool.Description);
            json.WritePropertyName("parameters"u8);
            (tool.Parameters ?? new JsonObject { ["type"] = "object", ["properties"] = new JsonObject() }).WriteTo(json);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteString("tool_choice"u8, "auto"u8);
    }

    /// <summary>Vendors lay old calls into their prompt by parsing them: one that a model wrote badly would get every later turn of the call refused.</summary>
    private static bool IsObject(string arguments)
    {
        try
        {
            using var document = JsonDocument.Parse(arguments);
            return document.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (Exception error) when (error is JsonException or ArgumentException)
        {
            return false;
        }
    }
}
