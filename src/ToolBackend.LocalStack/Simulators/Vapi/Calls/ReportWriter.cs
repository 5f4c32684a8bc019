using System.Text.Json;

namespace ToolBackend.LocalStack.Simulators.Vapi.Calls;

/// <summary>What is known of a call after its end: members of <c>end-of-call-report</c> and of the call object.</summary>
internal static class ReportWriter
{
    private const string Recordings = "https://storage.example.com/recordings/";

    /// <summary>The report's own members.</summary>
    public static void Write(Utf8JsonWriter json, StepContext context)
    {
        var timeline = context.Timeline;
        json.WriteString("endedReason", timeline.Ending.Reason);
        WriteTimes(json, timeline);
        if (timeline.AnsweredAt is { } answered)
        {
            var length = timeline.EndedAt - answered;
            json.WriteNumber("durationMs", (long)length.TotalMilliseconds);
            json.WriteNumber("durationSeconds", Math.Round(length.TotalSeconds, 3));
            json.WriteNumber("durationMinutes", Math.Round(length.TotalMinutes, 4));
        }

        WriteOutcome(json, context);
        context.History.WriteMessages(json, "messages", context.Step.History);
        WriteArtifact(json, context, isReport: true);
    }

    /// <summary>Costs, analysis, transcript and recordings: the same in the report and in the call object.</summary>
    public static void WriteOutcome(Utf8JsonWriter json, StepContext context)
    {
        var timeline = context.Timeline;
        WriteCosts(json, timeline);
        WriteAnalysis(json, timeline.Ending);
        if (timeline.AnsweredAt is null)
        {
            return;
        }

        json.WriteString("summary", timeline.Ending.Summary);
        json.WriteString("transcript", context.History.Transcript(context.Step.History));
        json.WriteString("recordingUrl", $"{Recordings}{timeline.Ids.Call}-mono.wav");
        json.WriteString("stereoRecordingUrl", $"{Recordings}{timeline.Ids.Call}-stereo.wav");
    }

    /// <summary>Only calls that were answered have times.</summary>
    public static void WriteTimes(Utf8JsonWriter json, CallTimeline timeline)
    {
        if (timeline.AnsweredAt is { } answered)
        {
            json.WriteString("startedAt", Times.Iso(timeline.StartedAt + answered));
            json.WriteString("endedAt", Times.Iso(timeline.StartedAt + timeline.EndedAt));
        }
    }

    /// <param name="isReport">The call is over: recordings, latencies and outputs are there.</param>
    public static void WriteArtifact(Utf8JsonWriter json, StepContext context, bool isReport)
    {
        json.WriteStartObject("artifact");
        context.History.WriteMessages(json, "messages", context.Step.History);
        context.History.WriteOpenAi(json, "messagesOpenAIFormatted", context.Step.History);
        if (isReport && context.Timeline.AnsweredAt is not null)
        {
            var timeline = context.Timeline;
            json.WriteString("transcript", context.History.Transcript(context.Step.History));
            json.WriteString("recordingUrl", $"{Recordings}{timeline.Ids.Call}-mono.wav");
            json.WriteStartObject("recording");
            json.WriteString("stereoUrl", $"{Recordings}{timeline.Ids.Call}-stereo.wav");
            json.WriteStartObject("mono");
            json.WriteString("combinedUrl", $"{Recordings}{timeline.Ids.Call}-mono.wav");
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteStartObject("variableValues");
            json.WriteEndObject();
            WriteOutputs(json, timeline.Ending);
            WritePerformance(json, timeline);
            WriteTransfers(json, context);
            WriteActivations(json, timeline);
        }

        json.WriteEndObject();
    }

    private static void WriteCosts(Utf8JsonWriter json, CallTimeline timeline)
    {
        var minutes = timeline.AnsweredAt is { } answered ? (decimal)(timeline.EndedAt - answered).TotalMinutes : 0;
        var spoken = timeline.History.Where(entry => entry.Role == HistoryRole.Bot).Sum(entry => entry.Text.Length);
        var parts = new (string Type, decimal Cost)[]
        {
            ("transport", minutes * 0.014m), ("transcriber", minutes * 0.0077m), ("model", timeline.History.Count * 0.0004m), ("voice", spoken * 0.00005m), ("vapi", minutes * 0.05m),
        };
        parts = Array.ConvertAll(parts, part => part with { Cost = Math.Round(part.Cost, 4) });
        json.WriteNumber("cost", parts.Sum(part => part.Cost));
        json.WriteStartObject("costBreakdown");
        foreach (var (name, index) in new[] { ("transport", 0), ("stt", 1), ("llm", 2), ("tts", 3), ("vapi", 4) })
        {
            json.WriteNumber(name, parts[index].Cost);
        }

        json.WriteNumber("total", parts.Sum(part => part.Cost));
        json.WriteNumber("llmPromptTokens", timeline.History.Count * 310);
        json.WriteNumber("llmCompletionTokens", spoken / 4);
        json.WriteNumber("ttsCharacters", spoken);
        json.WriteEndObject();
        json.WriteStartArray("costs");
        foreach (var (type, cost) in parts)
        {
            json.WriteStartObject();
            json.WriteString("type", type);
            json.WriteNumber("minutes", Math.Round(minutes, 4));
            json.WriteNumber("cost", cost);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteAnalysis(Utf8JsonWriter json, CallEnding ending)
    {
        json.WriteStartObject("analysis");
        if (ending.SuccessEvaluation is { } success)
        {
            json.WriteString("summary", ending.Summary);
            json.WritePropertyName("successEvaluation");
            json.WriteRawValue(success);
        }

        json.WriteEndObject();
    }

    private static void WriteOutputs(Utf8JsonWriter json, CallEnding ending)
    {
        json.WriteStartObject("structuredOutputs");
        if (ending.Outcome is { } outcome)
        {
            json.WriteStartObject("5d7c0b52-0000-4000-8000-0000000000b1");
            json.WriteString("name", "Outcome");
            json.WritePropertyName("result");
            json.WriteRawValue(outcome);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WritePerformance(Utf8JsonWriter json, CallTimeline timeline)
    {
        json.WriteStartObject("performanceMetrics");
        json.WriteStartArray("turnLatencies");
        foreach (var latency in timeline.Latencies)
        {
            json.WriteStartObject();
            json.WriteNumber("modelLatency", latency.Model);
            json.WriteNumber("voiceLatency", latency.Voice);
            json.WriteNumber("transcriberLatency", latency.Transcriber);
            json.WriteNumber("endpointingLatency", latency.Endpointing);
            json.WriteNumber("turnLatency", latency.Turn);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (timeline.Latencies.Count > 0)
        {
            json.WriteNumber("turnLatencyAverage", Math.Round(timeline.Latencies.Average(latency => latency.Turn), 1));
            json.WriteNumber("modelLatencyAverage", Math.Round(timeline.Latencies.Average(latency => latency.Model), 1));
            json.WriteNumber("voiceLatencyAverage", Math.Round(timeline.Latencies.Average(latency => latency.Voice), 1));
        }

        json.WriteNumber("numUserInterrupted", timeline.Interruptions);
        json.WriteNumber("numAssistantInterrupted", timeline.Interruptions);
        json.WriteEndObject();
    }

    private static void WriteTransfers(Utf8JsonWriter json, StepContext context)
    {
        json.WriteStartArray("transfers");
        foreach (var transfer in context.Timeline.Script.Turns.OfType<Transfers>().Where(_ => context.Timeline.Steps.Any(step => step.Status == "forwarding")))
        {
            json.WriteStartObject();
            json.WriteString("status", "completed");
            CallSteps.Destination(json, context.Knowledge.Destination ?? transfer.Number);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteActivations(Utf8JsonWriter json, CallTimeline timeline)
    {
        json.WriteStartArray("assistantActivations");
        foreach (var assistant in timeline.Steps.Where(step => step.Type == "assistant.started").Select(step => step.Assistant).OfType<ScriptedAssistant>())
        {
            json.WriteStartObject();
            json.WriteString("assistantName", assistant.Name);
            json.WriteString("assistantId", assistant.Id);
            json.WriteNull("assistantVersion");
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
