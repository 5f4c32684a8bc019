using System.Text.Json;
using System.Text.Json.Serialization;

namespace ToolBackend.Core.Calls.State;

/// <summary>A call in one line: what lists show and streams send. Nothing of what was said.</summary>
/// <param name="Caller">E.164 or SIP URI; null for web calls.</param>
/// <param name="DurationMs">Milliseconds; null while it lives or if it never connected.</param>
/// <param name="Cost">US dollars.</param>
/// <param name="MergedInto">Set when this id turned out to be another name of that call; then the item is to be dropped.</param>
public sealed record CallListItem(
    string CallId, long Version, string Status, string? EndedReason, string? EndedClass, string Side, string? Type, DateTimeOffset OpenedAt, DateTimeOffset? StartedAt, DateTimeOffset? EndedAt,
    DateTimeOffset LastEventAt, string? Caller, string? Line, string? Assistant, string? ProviderCallId, long? DurationMs, decimal? Cost, string? Success, IReadOnlyList<string> Anomalies, string? MergedInto = null)
{
    public static CallListItem Of(CallState call) => new(
        call.CallId, call.Version, call.Status, call.EndedReason, call.EndedClass, call.Side, call.Type, call.OpenedAt, call.StartedAt, call.EndedAt, call.LastEventAt, call.Caller, call.Line,
        call.Assistants is [var first, ..] ? first.Name ?? first.Id : null, call.ProviderCallId, call.DurationMs, call.Cost, call.Success, call.Anomalies);

    public string ToJson() => JsonSerializer.Serialize(this, CallListItemJson.Default.CallListItem);

    public override string ToString() => $"call {CallId} {Status}";
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CallListItem))]
internal sealed partial class CallListItemJson : JsonSerializerContext;
