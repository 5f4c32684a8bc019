using System.Text.Json;
using System.Text.Json.Serialization;
using ToolBackend.Core.Calls.Events;

namespace ToolBackend.Core.Calls.State;

/// <summary>
/// What a call is or was, folded from all of its events by <c>CallFold</c>. Equal event sets give equal states, byte for byte in <see cref="ToJson"/>.
/// Holds personal data: ToString tells id and status only.
/// </summary>
public sealed record CallState
{
    /// <summary>The call's canonical id: the smallest of Vapi's ids, else the smallest of the pipeline's.</summary>
    public required string CallId { get; init; }

    /// <summary>How many different events it was folded from.</summary>
    public required long Version { get; init; }

    /// <summary>Other names of the call: the ids of its sides and the carrier's, sorted, the canonical id included.</summary>
    public required IReadOnlyList<string> Aliases { get; init; }

    /// <summary>scheduled, queued, ringing, in-progress, forwarding or ended.</summary>
    public required string Status { get; init; }

    public string? EndedReason { get; init; }

    /// <summary>normal, customer, ours, capacity, platform, provider or other; null while the call lives.</summary>
    public string? EndedClass { get; init; }

    /// <summary>Who ran it: vapi, own or both. Who never had the caller on the line did not, unless nobody did.</summary>
    public required string Side { get; init; }

    public string? Type { get; init; }

    /// <summary>Creation, else the first event.</summary>
    public required DateTimeOffset OpenedAt { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    public required DateTimeOffset LastEventAt { get; init; }

    public string? ProviderCallId { get; init; }

    public string? OrgId { get; init; }

    public string? Caller { get; init; }

    public string? Line { get; init; }

    public string? PhoneNumberId { get; init; }

    public string? SquadId { get; init; }

    /// <summary>In the order in which they took over, the first one first.</summary>
    public IReadOnlyList<AssistantFact> Assistants { get; init; } = [];

    public int? MaxSeconds { get; init; }

    /// <summary>The conversation, oldest first.</summary>
    public IReadOnlyList<Utterance> Transcript { get; init; } = [];

    public IReadOnlyList<ToolCallFact> Tools { get; init; } = [];

    public IReadOnlyList<TransferFact> Transfers { get; init; } = [];

    /// <summary>How often the caller interrupted the assistant.</summary>
    public int Interruptions { get; init; }

    /// <summary>How often the assistant was late.</summary>
    public int Hangs { get; init; }

    public IReadOnlyList<TurnLatency> Turns { get; init; } = [];

    public decimal? Cost { get; init; }

    public IReadOnlyDictionary<string, decimal>? CostBreakdown { get; init; }

    /// <summary>Of both sides, one line each, when two ran it.</summary>
    public string? Summary { get; init; }

    public string? Success { get; init; }

    public IReadOnlyDictionary<string, JsonElement>? StructuredOutputs { get; init; }

    /// <summary>By kind; a second leg's of the same kind has <c>-2</c> behind it.</summary>
    public IReadOnlyDictionary<string, string>? Recordings { get; init; }

    /// <summary>Whether every side that ran it has left its report.</summary>
    public bool HasReport { get; init; }

    /// <summary>Its data were deleted at Vapi.</summary>
    public bool IsDeletedAtVapi { get; init; }

    /// <summary>What each side says for itself, in the order in which they came to life; one, unless a call changed hands.</summary>
    public IReadOnlyList<CallLeg> Legs { get; init => field = value ?? []; } = []; // a member that is missing in JSON arrives as null

    /// <summary>What cannot be right, by short stable names, sorted: see <see cref="State.Anomalies"/>.</summary>
    public IReadOnlyList<string> Anomalies { get; init; } = [];

    [JsonIgnore]
    public bool IsEnded => Status == "ended";

    /// <summary>Milliseconds from start to end; null while it lives or if it never connected.</summary>
    [JsonIgnore]
    public long? DurationMs => StartedAt is { } from && EndedAt is { } to && to >= from ? (long)(to - from).TotalMilliseconds : null;

    public string ToJson() => JsonSerializer.Serialize(this, CallStateJson.Default.CallState);

    public static CallState Parse(string json) => JsonSerializer.Deserialize(json, CallStateJson.Default.CallState)!;

    public override string ToString() => $"call {CallId} {Status}";
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CallState))]
internal sealed partial class CallStateJson : JsonSerializerContext;
