using System.Text.Json;

namespace ToolBackend.LocalStack.Simulators.Vapi.Calls;

/// <summary>The own members of the messages of a call.</summary>
internal static class CallSteps
{
    public static void Nothing(Utf8JsonWriter json, StepContext context)
    {
    }

    public static void Ended(Utf8JsonWriter json, StepContext context, CallEnding ending)
    {
        json.WriteString("status", "ended");
        json.WriteString("endedReason", ending.Reason);
        if (ending.Reason.StartsWith("assistant-request-", StringComparison.Ordinal))
        {
            json.WriteStartObject("inboundPhoneCallDebuggingArtifacts");
            json.WriteString("assistantRequestError", "The server's answer could not be used.");
            json.WriteEndObject();
        }
    }

    public static void Forwarding(Utf8JsonWriter json, StepContext context, string number)
    {
        json.WriteString("status", "forwarding");
        Destination(json, context.Knowledge.Destination ?? number);
        context.History.WriteMessages(json, "messages", context.Step.History);
        context.History.WriteOpenAi(json, "messagesOpenAIFormatted", context.Step.History);
        json.WriteString("transcript", context.History.Transcript(context.Step.History));
        json.WriteString("summary", "The caller asked for a person.");
    }

    public static void Forward(Utf8JsonWriter json, StepContext context, string number)
    {
        json.WriteString("request", "forward");
        Destination(json, context.Knowledge.Destination ?? number);
    }

    public static void TransferUpdate(Utf8JsonWriter json, StepContext context, string number) => Destination(json, context.Knowledge.Destination ?? number);

    public static void Handover(Utf8JsonWriter json, StepContext context, ScriptedAssistant? from, ScriptedAssistant to)
    {
        json.WriteStartObject("destination");
        json.WriteString("type", "assistant");
        json.WriteString("assistantName", to.Name);
        json.WriteEndObject();
        if (from is not null)
        {
            json.WritePropertyName("fromAssistant");
            json.WriteRawValue(context.Parts.Assistant(from), skipInputValidation: true);
        }

        json.WritePropertyName("toAssistant");
        json.WriteRawValue(context.Parts.Assistant(to), skipInputValidation: true);
    }

    public static void HandoffRequest(Utf8JsonWriter json, StepContext context)
    {
        json.WriteStartObject("parameters");
        json.WriteString("destination", "dynamic");
        json.WriteString("reason", "another desk");
        json.WriteEndObject();
    }

    public static void Started(Utf8JsonWriter json, StepContext context, ScriptedAssistant assistant)
    {
        json.WritePropertyName("newAssistant");
        json.WriteRawValue(context.Parts.Assistant(assistant), skipInputValidation: true);
    }

    public static void ModelOutput(Utf8JsonWriter json, string turnId, string output)
    {
        json.WriteString("turnId", turnId);
        json.WriteString("output", output);
    }

    public static void SpeechStarted(Utf8JsonWriter json, string text, int turn)
    {
        json.WriteString("text", text);
        json.WriteNumber("turn", turn);
        json.WriteString("source", turn == 1 ? "force-say" : "model");
    }

    public static void Speech(Utf8JsonWriter json, string status, string role, int turn)
    {
        json.WriteString("status", status);
        json.WriteString("role", role);
        json.WriteNumber("turn", turn);
    }

    public static void Transcript(Utf8JsonWriter json, StepContext context, string role, string text, bool isFinal)
    {
        json.WriteString("role", role);
        json.WriteString("transcriptType", isFinal ? "final" : "partial");
        json.WriteString("transcript", text);
        json.WriteBoolean("isFiltered", false);
        json.WriteStartArray("detectedThreats");
        json.WriteEndArray();
        if (context.Step.Assistant is { } assistant)
        {
            json.WriteString("assistantId", assistant.Id);
            json.WriteString("assistantName", assistant.Name);
        }
    }

    public static void Conversation(Utf8JsonWriter json, StepContext context)
    {
        context.History.WriteMessages(json, "messages", context.Step.History);
        context.History.WriteOpenAi(json, "messagesOpenAIFormatted", context.Step.History);
        context.History.WriteOpenAi(json, "conversation", context.Step.History);
    }

    public static void ToolCalls(Utf8JsonWriter json, StepContext context)
    {
        WriteCalls(json, context, "toolCalls");
        WriteCalls(json, context, "toolCallList");
        json.WriteStartArray("toolWithToolCallList");
        foreach (var call in context.Step.Asks)
        {
            json.WriteStartObject();
            CallParts.WriteTool(json, call.Call.Name);
            json.WritePropertyName("toolCall");
            context.History.WriteToolCall(json, call, argumentsAsText: false);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    public static void FunctionCall(Utf8JsonWriter json, StepContext context)
    {
        var call = context.Step.Asks[0];
        json.WriteStartObject("functionCall");
        json.WriteString("name", call.Call.Name);
        json.WritePropertyName("parameters");
        json.WriteRawValue(context.Knowledge.ArgumentsOf(call, context.Timeline.ToolCalls));
        json.WriteEndObject();
    }

    public static void ArtifactUpload(Utf8JsonWriter json, StepContext context)
    {
        json.WriteStartArray("artifacts");
        foreach (var (type, success) in new[] { ("end-of-call-report", true), ("recording-mono", true), ("recording-stereo", false) })
        {
            json.WriteStartObject();
            json.WriteString("type", type);
            json.WriteBoolean("success", success);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    public static void Destination(Utf8JsonWriter json, string number)
    {
        json.WriteStartObject("destination");
        json.WriteString("type", "number");
        json.WriteString("number", number);
        json.WriteEndObject();
    }

    private static void WriteCalls(Utf8JsonWriter json, StepContext context, string name)
    {
        json.WriteStartArray(name);
        foreach (var call in context.Step.Asks)
        {
            context.History.WriteToolCall(json, call, argumentsAsText: false);
        }

        json.WriteEndArray();
    }
}
