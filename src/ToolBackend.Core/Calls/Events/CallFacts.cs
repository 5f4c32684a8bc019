using System.Text.Json;
using System.Text.Json.Serialization;

namespace ToolBackend.Core.Calls.Events;

/// <summary>
/// What an event says, in the core's own terms: all that <c>CallFold</c> reads. Every member may be absent. Stored as JSON next to the redacted
/// message (<c>call_event.facts</c>), so members are added, never renamed.
/// </summary>
public sealed record CallFacts
{
    public static readonly CallFacts None = new();

    public CallIdentity? Call { get; init; }

    /// <summary>scheduled, queued, ringing, in-progress, forwarding, ended, or another word of the sender's. Of the message itself, never the stale <c>call.status</c>.</summary>
    public string? Status { get; init; }

    public string? EndedReason { get; init; }

    /// <summary>The assistant that is active from here on.</summary>
    public AssistantFact? Assistant { get; init; }

    /// <summary>One final transcript.</summary>
    public Utterance? Utterance { get; init; }

    /// <summary>The whole conversation so far; a later one replaces an earlier one.</summary>
    public IReadOnlyList<Utterance>? Conversation { get; init; }

    public IReadOnlyList<ToolCallFact>? Tools { get; init; }

    public TransferFact? Transfer { get; init; }

    public ReportFacts? Report { get; init; }

    /// <summary>A word on the kind: the language, the control request, the artifact that failed.</summary>
    public string? Detail { get; init; }

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, CallFactsJson.Default.CallFacts);

    public static CallFacts Parse(string json) => JsonSerializer.Deserialize(json, CallFactsJson.Default.CallFacts) ?? None;

    public override string ToString() => nameof(CallFacts);
}

/// <summary>What a call is, as far as one event knows.</summary>
/// <param name="Type">inboundPhoneCall, outboundPhoneCall, webCall, vapi.websocketCall.</param>
/// <param name="Customer">E.164 or SIP URI of the other party; null for web calls.</param>
/// <param name="Line">Our number.</param>
public sealed record CallIdentity(
    string? Type = null, string? OrgId = null, string? AssistantId = null, string? SquadId = null, string? PhoneNumberId = null, DateTimeOffset? CreatedAt = null, string? Customer = null, string? Line = null);

/// <param name="MaxDurationSeconds">The definition's own limit of a call, when the message holds the definition.</param>
public sealed record AssistantFact(string? Id, string? Name, int? MaxDurationSeconds = null);

/// <summary>Who said what, when.</summary>
/// <param name="Role">user, assistant, system or tool.</param>
/// <param name="At">Start, when known.</param>
/// <param name="Until">End, when known.</param>
public sealed record Utterance(string Role, string Text, DateTimeOffset? At = null, DateTimeOffset? Until = null, bool Interrupted = false);

/// <summary>One tool call. Arguments are not kept.</summary>
/// <param name="Result">What the model was told, when known.</param>
public sealed record ToolCallFact(string Id, string Name, DateTimeOffset? At = null, string? Result = null);

/// <param name="Kind">number, sip or assistant.</param>
/// <param name="To">The destination: a number, a SIP URI or an assistant's name.</param>
public sealed record TransferFact(string? Kind, string? To, string? FromAssistant = null, string? ToAssistant = null, DateTimeOffset? At = null);

/// <summary>The facts that a call leaves when it is over.</summary>
public sealed record ReportFacts
{
    /// <summary>Absent when the call never connected.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>US dollars.</summary>
    public decimal? Cost { get; init; }

    /// <summary>US dollars by part: transport, stt, llm, tts, vapi, ...</summary>
    public IReadOnlyDictionary<string, decimal>? CostBreakdown { get; init; }

    public string? Summary { get; init; }

    /// <summary>As the rubric says it; booleans arrive as "true" and "false".</summary>
    public string? Success { get; init; }

    /// <summary>By name of the structured output.</summary>
    public IReadOnlyDictionary<string, JsonElement>? StructuredOutputs { get; init; }

    /// <summary>By kind: mono, stereo, assistant, customer, video. Links are stored, never fetched.</summary>
    public IReadOnlyDictionary<string, string>? Recordings { get; init; }

    public IReadOnlyList<TurnLatency>? Turns { get; init; }

    public int? UserInterruptions { get; init; }

    public int? AssistantInterruptions { get; init; }

    public IReadOnlyList<TransferFact>? Transfers { get; init; }

    public IReadOnlyList<AssistantFact>? Assistants { get; init; }
}

/// <summary>Milliseconds of one turn, caller silent to first audio, and its parts.</summary>
public sealed record TurnLatency(double? Turn, double? Endpointing = null, double? Transcriber = null, double? Model = null, double? Voice = null);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CallFacts))]
internal sealed partial class CallFactsJson : JsonSerializerContext;
