using System.Text.Json;
using ToolBackend.Core.Calls.Events;

namespace ToolBackend.Vapi.Calls.Facts;

/// <summary>What a call leaves when it is over, from an end-of-call report or from the call itself: both have the same members.</summary>
internal static class ReportReader
{
    private const int MaxTurns = 2000;
    private const int MaxOutputs = 100;
    private const int MaxOutputLength = 64 * 1024;
    private const int MaxTransfers = 100;
    private const int ShortVerdict = 32;

    public static ReportFacts Of(JsonElement holder, bool withContent)
    {
        var artifact = holder.Get("artifact"u8);
        var analysis = holder.Get("analysis"u8);
        var metrics = artifact.Get("performanceMetrics"u8);
        var (cost, parts) = MoneyFacts.Of(holder);
        var (startedAt, endedAt) = (holder.Get("startedAt"u8).Time(), holder.Get("endedAt"u8).Time());
        return new ReportFacts
        {
            StartedAt = startedAt,
            EndedAt = endedAt,
            Cost = cost,
            CostBreakdown = parts,
            Summary = withContent ? analysis.Get("summary"u8).Sentence(ConversationFacts.MaxTextLength) ?? holder.Get("summary"u8).Sentence(ConversationFacts.MaxTextLength) : null,
            Success = Success(analysis.Get("successEvaluation"u8), withContent),
            StructuredOutputs = withContent ? Outputs(artifact.Get("structuredOutputs"u8), analysis.Get("structuredData"u8)) : null,
            Recordings = withContent ? RecordingFacts.Of(holder) : null,
            Turns = List(metrics.Get("turnLatencies"u8), Turn, MaxTurns),
            UserInterruptions = metrics.Get("numUserInterrupted"u8).Count(),
            AssistantInterruptions = metrics.Get("numAssistantInterrupted"u8).Count(),
            Transfers = List(artifact.Get("transfers"u8), transfer => PartyFacts.Transfer(transfer.Get("destination"u8), null, null, null), MaxTransfers),
            Assistants = List(artifact.Get("assistantActivations"u8), Activation, MaxTransfers),
        };
    }

    /// <summary>A word of the rubric, a boolean or a number. Longer verdicts are content.</summary>
    private static string? Success(JsonElement verdict, bool withContent)
    {
        var text = verdict.ValueKind switch
        {
            JsonValueKind.String => verdict.Sentence(ConversationFacts.MaxTextLength),
            JsonValueKind.True => "true",
            JsonValueKind.False => "false",
            JsonValueKind.Number or JsonValueKind.Object or JsonValueKind.Array => BoundedText.Cut(verdict.GetRawText(), ConversationFacts.MaxTextLength),
            _ => null,
        };
        return withContent || text?.Length <= ShortVerdict ? text : null;
    }

    private static SortedDictionary<string, JsonElement>? Outputs(JsonElement outputs, JsonElement structuredData)
    {
        var byName = new SortedDictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var output in outputs.Members())
        {
            Add(output.Value.Get("name"u8).Sentence(BoundedText.Name) ?? output.Name, output.Value.Get("result"u8));
        }

        // The older way, without a name.
        if (structuredData.Members().Any())
        {
            Add("structuredData", structuredData);
        }

        return byName.Count > 0 ? byName : null;

        void Add(string name, JsonElement result)
        {
            if (result.ValueKind != JsonValueKind.Undefined && byName.Count < MaxOutputs && name.Length <= BoundedText.Name && result.GetRawText().Length <= MaxOutputLength)
            {
                byName.TryAdd(name, result.Clone());
            }
        }
    }

    private static TurnLatency? Turn(JsonElement turn)
    {
        var latency = new TurnLatency(
            turn.Get("turnLatency"u8).Milliseconds(), turn.Get("endpointingLatency"u8).Milliseconds(), turn.Get("transcriberLatency"u8).Milliseconds(),
            turn.Get("modelLatency"u8).Milliseconds(), turn.Get("voiceLatency"u8).Milliseconds());
        return latency == new TurnLatency(null) ? null : latency;
    }

    private static AssistantFact? Activation(JsonElement activation) =>
        PartyFacts.Assistant(activation.Get("assistantId"u8).Id(), activation.Get("assistantName"u8).Sentence(BoundedText.Name), null);

    private static List<T>? List<T>(JsonElement array, Func<JsonElement, T?> read, int most)
        where T : class
    {
        var list = array.Items().Select(read).OfType<T>().Take(most).ToList();
        return list.Count > 0 ? list : null;
    }
}
