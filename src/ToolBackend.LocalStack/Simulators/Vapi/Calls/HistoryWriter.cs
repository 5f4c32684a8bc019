using System.Text;
using System.Text.Json;

namespace ToolBackend.LocalStack.Simulators.Vapi.Calls;

/// <summary>A call's history in the shapes that messages repeat it in.</summary>
internal sealed class HistoryWriter(CallTimeline timeline, CallParts parts, CallKnowledge knowledge)
{
    /// <summary>Vapi's own shape: <c>artifact.messages</c>.</summary>
    public void WriteMessages(Utf8JsonWriter json, string name, int count)
    {
        json.WriteStartArray(name);
        json.WriteStartObject();
        json.WriteString("role", "system");
        json.WriteString("message", parts.Prompt);
        WriteTime(json, TimeSpan.Zero);
        json.WriteEndObject();
        foreach (var entry in timeline.History.Take(count))
        {
            json.WriteStartObject();
            WriteEntry(json, entry);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>OpenAI's shape: <c>artifact.messagesOpenAIFormatted</c> and the undocumented <c>conversation</c>.</summary>
    public void WriteOpenAi(Utf8JsonWriter json, string name, int count)
    {
        json.WriteStartArray(name);
        json.WriteStartObject();
        json.WriteString("role", "system");
        json.WriteString("content", parts.Prompt);
        json.WriteEndObject();
        foreach (var entry in timeline.History.Take(count))
        {
            json.WriteStartObject();
            WriteOpenAiEntry(json, entry);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>What was said, as in <c>transcript</c>.</summary>
    public string Transcript(int count)
    {
        var text = new StringBuilder();
        foreach (var entry in timeline.History.Take(count).Where(entry => entry.Role is HistoryRole.Bot or HistoryRole.User))
        {
            text.Append(entry.Role == HistoryRole.Bot ? "AI: " : "User: ").Append(entry.Text).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>The lists of a tool call in the shape of real traffic: arguments as an object.</summary>
    public void WriteToolCall(Utf8JsonWriter json, PlannedToolCall call, bool argumentsAsText)
    {
        json.WriteStartObject();
        json.WriteString("id", call.Id);
        json.WriteString("type", "function");
        json.WriteStartObject("function");
        json.WriteString("name", call.Call.Name);
        var arguments = knowledge.ArgumentsOf(call, timeline.ToolCalls);
        if (argumentsAsText)
        {
            json.WriteString("arguments", arguments);
        }
        else
        {
            json.WritePropertyName("arguments");
            json.WriteRawValue(arguments);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private void WriteEntry(Utf8JsonWriter json, HistoryEntry entry)
    {
        switch (entry.Role)
        {
            case HistoryRole.ToolCalls:
                json.WriteString("role", "tool_calls");
                json.WriteString("message", string.Empty);
                WriteTime(json, entry.At);
                WriteCalls(json, "toolCalls", entry);
                break;
            case HistoryRole.ToolResult:
                json.WriteString("role", "tool_call_result");
                json.WriteString("toolCallId", entry.Calls[0].Id);
                json.WriteString("name", entry.Text);
                json.WriteString("result", knowledge.ResultOf(entry.Calls[0]));
                WriteTime(json, entry.At);
                break;
            default:
                json.WriteString("role", entry.Role == HistoryRole.Bot ? "bot" : "user");
                json.WriteString("message", entry.Text);
                WriteTime(json, entry.At);
                json.WriteNumber("endTime", timeline.UnixMilliseconds(entry.At + entry.Duration));
                json.WriteNumber("duration", (long)entry.Duration.TotalMilliseconds);
                json.WriteString("source", string.Empty);
                break;
        }
    }

    private void WriteOpenAiEntry(Utf8JsonWriter json, HistoryEntry entry)
    {
        switch (entry.Role)
        {
            case HistoryRole.ToolCalls:
                json.WriteString("role", "assistant");
                WriteCalls(json, "tool_calls", entry);
                break;
            case HistoryRole.ToolResult:
                json.WriteString("role", "tool");
                json.WriteString("tool_call_id", entry.Calls[0].Id);
                json.WriteString("content", knowledge.ResultOf(entry.Calls[0]));
                break;
            default:
                json.WriteString("role", entry.Role == HistoryRole.Bot ? "assistant" : "user");
                json.WriteString("content", entry.Text);
                break;
        }
    }

    // In the history arguments are text, whatever they were on the wire.
    private void WriteCalls(Utf8JsonWriter json, string name, HistoryEntry entry)
    {
        json.WriteStartArray(name);
        foreach (var call in entry.Calls)
        {
            WriteToolCall(json, call, argumentsAsText: true);
        }

        json.WriteEndArray();
    }

    private void WriteTime(Utf8JsonWriter json, TimeSpan at)
    {
        json.WriteNumber("time", timeline.UnixMilliseconds(at));
        json.WriteNumber("secondsFromStart", Math.Max(0, (at - (timeline.AnsweredAt ?? TimeSpan.Zero)).TotalSeconds));
    }
}
