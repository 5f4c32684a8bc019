namespace ToolBackend.Core.Data.Model;

// Row of db/migrations/0006_sync_state.sql, which says what each column means. It is written by the command line, with statements of its own.

public sealed class SyncStateRow
{
    public required string Environment { get; init; }

    public long Version { get; init; }

    public required string Document { get; init; }

    public DateTimeOffset UpdatedAt { get; init; }
}
