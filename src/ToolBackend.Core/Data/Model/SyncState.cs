namespace ToolBackend.Core.Data.Model;

/// <summary>Row of <c>db/migrations/0006_sync_state.sql</c>, which says what each column means. The command line writes it, with statements of its own.</summary>
public sealed class SyncStateRow
{
    public required string Environment { get; set; }
    public long Version { get; set; }
    public required string Document { get; set; }
    public DateTimeOffset UpdatedAt { get; set; }
}
