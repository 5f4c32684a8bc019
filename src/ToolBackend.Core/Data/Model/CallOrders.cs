namespace ToolBackend.Core.Data.Model;

/// <summary>Row of <c>db/migrations/0008_call_orders.sql</c>, which says what each column means. Read and written by <c>CallOrderStore</c>, with statements of its own.</summary>
public sealed class CallOrderRow
{
    public Guid CallOrderId { get; set; }
    public required string IdempotencyKey { get; set; }
    public required byte[] Fingerprint { get; set; }
    public required string Kind { get; set; }
    public string? CallSid { get; set; }
    public string? Request { get; set; }
    public DateTimeOffset AskedAt { get; set; }
    public required string AskedBy { get; set; }
    public DateTimeOffset ExpiresAt { get; set; }
    public required string State { get; set; }
    public DateTimeOffset? TakenAt { get; set; }
    public DateTimeOffset? SettledAt { get; set; }
    public string? Side { get; set; }
    public string? CallRef { get; set; }
    public string? Reason { get; set; }
}
