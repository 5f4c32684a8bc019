using NpgsqlTypes;

namespace ToolBackend.Core.Data.Model;

// Rows of db/migrations/0005_calls.sql, which says what each column means.

public sealed class CallEventRow
{
    public required string CallRef { get; set; }
    public DateTimeOffset SentAt { get; set; }
    public Guid MessageId { get; set; }
    public required string Source { get; set; }
    public required string Type { get; set; }
    public required string Kind { get; set; }
    public string? ProviderCallId { get; set; }
    public DateTimeOffset ReceivedAt { get; set; }
    public required string Facts { get; set; }
    public string? Body { get; set; }
}

public sealed class CallFoldQueueRow
{
    public long QueueId { get; set; }
    public required string CallRef { get; set; }
}

public sealed class CallAliasRow
{
    public required string Alias { get; set; }
    public required string CallId { get; set; }
}

public sealed class CallRow
{
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
    public int? MaxSeconds { get; set; }
    public string? Caller { get; set; }
    public string? Line { get; set; }
    public string? AssistantId { get; set; }
    public string? AssistantName { get; set; }
    public string? ProviderCallId { get; set; }
    public long? DurationMs { get; set; }
    public decimal? Cost { get; set; }
    public string? Success { get; set; }
    public bool HasReport { get; set; }
    public float[] TurnMs { get; set; } = [];
    public string[] Anomalies { get; set; } = [];
    public NpgsqlTsVector? Words { get; set; }
    public required string State { get; set; }
}

public sealed class CallChangeRow
{
    public long Seq { get; set; }
    public DateTimeOffset At { get; set; }
    public required string CallId { get; set; }
    public required string Payload { get; set; }
}

public sealed class CallControlRow
{
    public required string CallRef { get; set; }
    public required string Url { get; set; }
    public DateTimeOffset SeenAt { get; set; }
}

public sealed class CallInquiryRow
{
    public required string CallId { get; set; }
    public int Times { get; set; }
    public int UnknownTimes { get; set; }
    public DateTimeOffset AskedAt { get; set; }
    public DateTimeOffset NextAt { get; set; }
}

public sealed class CallForgottenRow
{
    public required string Alias { get; set; }
    public DateTimeOffset At { get; set; }
}

public sealed class RetentionMarkRow
{
    public required string Name { get; set; }
    public DateTimeOffset At { get; set; }
}

public sealed class ServiceHeartbeatRow
{
    public required string Name { get; set; }
    public DateTimeOffset At { get; set; }
}

public sealed class CallBackfillRow
{
    public long BackfillId { get; set; }
    public DateTimeOffset Since { get; set; }
    public DateTimeOffset Until { get; set; }
    public DateTimeOffset? Reached { get; set; }
    public DateTimeOffset? DoneAt { get; set; }
    public int? Calls { get; set; }
}

public sealed class TranscriptAccessRow
{
    public Guid TranscriptAccessId { get; set; }
    public DateTimeOffset At { get; set; }
    public required string CallId { get; set; }
    public required string KeyId { get; set; }
    public required string View { get; set; }
}
