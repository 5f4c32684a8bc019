using ToolBackend.Core.Calls.State;

namespace ToolBackend.Api.Operator.Calls;

/// <summary>A row of <see cref="Columns"/>.</summary>
internal sealed class CallLine
{
    public const string Columns = """
        call_id as "CallId", version as "Version", status as "Status", ended_reason as "EndedReason", ended_class as "EndedClass", side as "Side", type as "Type", opened_at as "OpenedAt",
        started_at as "StartedAt", ended_at as "EndedAt", last_event_at as "LastEventAt", caller as "Caller", line as "Line", coalesce(assistant_name, assistant_id) as "Assistant",
        provider_call_id as "ProviderCallId", duration_ms as "DurationMs", cost as "Cost", success as "Success", anomalies as "Anomalies"
        """;

    public required string CallId { get; set; }
    public long Version { get; set; }
    public required string Status { get; set; }
    public string? EndedReason { get; set; }
    public string? EndedClass { get; set; }
    public required string Side { get; set; }
    public string? Type { get; set; }
    public DateTimeOffset OpenedAt { get; set; }
    public DateTimeOffset? StartedAt { get; set; }
    public DateTimeOffset? EndedAt { get; set; }
    public DateTimeOffset LastEventAt { get; set; }
    public string? Caller { get; set; }
    public string? Line { get; set; }
    public string? Assistant { get; set; }
    public string? ProviderCallId { get; set; }
    public long? DurationMs { get; set; }
    public decimal? Cost { get; set; }
    public string? Success { get; set; }
    public string[] Anomalies { get; set; } = [];

    public CallListItem ToItem() => new(
        CallId, Version, Status, EndedReason, EndedClass, Side, Type, OpenedAt, StartedAt, EndedAt, LastEventAt, Caller, Line, Assistant, ProviderCallId, DurationMs, Cost, Success, Anomalies);
}
