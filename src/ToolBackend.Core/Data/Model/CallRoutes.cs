namespace ToolBackend.Core.Data.Model;

/// <summary>Row of <c>db/migrations/0007_call_routes.sql</c>, which says what each column means. Read and written by <c>CallRouteStore</c>, with statements of its own.</summary>
public sealed class CallRouteRow
{
    public required string Line { get; set; }
    public required string Mode { get; set; }
    public int Percent { get; set; }
    public DateTimeOffset ChangedAt { get; set; }
    public required string ChangedBy { get; set; }
}
