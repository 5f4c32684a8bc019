using System.Text.Json;
using ToolBackend.Core.Calls.Events;
using ToolBackend.Voice.Recording;

namespace ToolBackend.Voice.CallLog;

/// <summary>What is known of a call after its end.</summary>
internal sealed record CallReport
{
    public required string EndedReason { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required DateTimeOffset EndedAt { get; init; }

    /// <summary>In the order in which it was said and done.</summary>
    public required IReadOnlyList<CallLine> Lines { get; init; }

    public required IReadOnlyList<TurnLatency> Turns { get; init; }

    /// <summary>Times that the caller stopped us.</summary>
    public int Interruptions { get; init; }

    /// <summary>Null when it is not known.</summary>
    public CostEstimate? Cost { get; init; }

    public required CallUsage Usage { get; init; }

    /// <summary>Null when the caller was not asked, and nothing was recorded.</summary>
    public CallRecording? Recording { get; init; }

    /// <summary>The members of an <c>end-of-call-report</c>.</summary>
    public void WriteTo(Utf8JsonWriter json)
    {
        var length = EndedAt - StartedAt;
        json.WriteString("endedReason", EndedReason);
        json.WriteString("startedAt", StartedAt.UtcDateTime);
        json.WriteString("endedAt", EndedAt.UtcDateTime);
        json.WriteNumber("durationMs", (long)length.TotalMilliseconds);
        json.WriteNumber("durationSeconds", Math.Round(length.TotalSeconds, 3));
        json.WriteNumber("durationMinutes", Math.Round(length.TotalMinutes, 4));
        WriteCost(json);
        if (Recording is not null)
        {
            json.WriteStartObject("compliance");
            WriteConsent(json, Recording);
            json.WriteEndObject();
        }

        json.WriteStartObject("artifact");
        if (Recording?.Link is { } link)
        {
            json.WriteStartObject("recording");
            json.WriteString("stereoUrl", link);
            json.WriteEndObject();
        }

        WriteMessages(json);
        WriteTurns(json);
        json.WriteEndObject();
    }

    /// <summary>Of somebody who did not agree there is no time.</summary>
    public static void WriteConsent(Utf8JsonWriter json, CallRecording recording)
    {
        json.WriteStartObject("recordingConsent");
        json.WriteString("type", recording.Consent.Plan.Type);
        if (recording.GrantedAt is { } at)
        {
            json.WriteString("grantedAt", at.UtcDateTime);
        }

        json.WriteEndObject();
    }

    private void WriteCost(Utf8JsonWriter json)
    {
        if (Cost is not { } cost)
        {
            return;
        }

        json.WriteNumber("cost", cost.Total);
        json.WriteStartObject("costBreakdown");
        json.WriteNumber("stt", cost.Transcriber);
        json.WriteNumber("llm", cost.Model);
        json.WriteNumber("tts", cost.Voice);
        json.WriteNumber("total", cost.Total);
        json.WriteNumber("llmPromptTokens", Usage.Tokens.Sum(u => (long)u.Prompt));
        json.WriteNumber("llmCompletionTokens", Usage.Tokens.Sum(u => (long)u.Completion));
        json.WriteNumber("ttsCharacters", Usage.Characters);
        json.WriteEndObject();
    }

    private void WriteMessages(Utf8JsonWriter json)
    {
        json.WriteStartArray("messages");
        foreach (var line in Lines)
        {
            json.WriteStartObject();
            switch (line)
            {
                case CallLine.Words words:
                    json.WriteString("role", words.Role == "assistant" ? "bot" : "user");
                    json.WriteString("message", words.Text);
                    json.WriteNumber("endTime", words.Until.ToUnixTimeMilliseconds());
                    json.WriteNumber("duration", Math.Max(0, (long)(words.Until - words.At).TotalMilliseconds));
                    if (words.WasInterrupted)
                    {
                        json.WriteBoolean("interrupted", true);
                    }

                    break;
                case CallLine.Called called:
                    json.WriteString("role", "tool_calls");
                    MessageWriter.WriteCalls(json, "toolCalls", called.Calls);
                    break;
                case CallLine.Returned returned:
                    json.WriteString("role", "tool_call_result");
                    json.WriteString("toolCallId", returned.Id);
                    json.WriteString("result", returned.Result);
                    break;
            }

            json.WriteNumber("time", line.At.ToUnixTimeMilliseconds());
            json.WriteNumber("secondsFromStart", Math.Round((line.At - StartedAt).TotalSeconds, 3));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private void WriteTurns(Utf8JsonWriter json)
    {
        json.WriteStartObject("performanceMetrics");
        json.WriteStartArray("turnLatencies");
        foreach (var turn in Turns)
        {
            json.WriteStartObject();
            Write("modelLatency", turn.Model);
            Write("voiceLatency", turn.Voice);
            Write("transcriberLatency", turn.Transcriber);
            Write("endpointingLatency", turn.Endpointing);
            Write("turnLatency", turn.Turn);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteNumber("numUserInterrupted", 0);
        json.WriteNumber("numAssistantInterrupted", Interruptions);
        json.WriteEndObject();

        void Write(string member, double? milliseconds)
        {
            if (milliseconds is { } ms)
            {
                json.WriteNumber(member, Math.Round(ms, 1));
            }
        }
    }
}
