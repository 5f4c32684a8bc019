using Npgsql;
using ToolBackend.Core.Calls.Intake;

namespace ToolBackend.Core.Calls.Retention;

/// <summary>Rows that were removed with their calls, or that a dry run found.</summary>
public sealed record ErasedRows(long Calls = 0, long Events = 0, long Names = 0, long Controls = 0, long Changes = 0, long LedgerRows = 0)
{
    public static ErasedRows operator +(ErasedRows a, ErasedRows b) =>
        new(a.Calls + b.Calls, a.Events + b.Events, a.Names + b.Names, a.Controls + b.Controls, a.Changes + b.Changes, a.LedgerRows + b.LedgerRows);
}

/// <summary>
/// Removes calls with everything that hangs on them. What is done here happens under the lock of the fold, or a fold under way would write again what is removed.
/// </summary>
internal static class CallErasure
{
    private static readonly TimeSpan s_turn = TimeSpan.FromMilliseconds(20);

    // A call that was never folded has no aliases yet: it is its own name, and the carrier's in its events.
    private const string NamesOf = """
        select array(select alias from call_alias where call_id = any($1) union select unnest($1)
          union select provider_call_id from call_event where call_ref = any($1) and provider_call_id is not null)
        """;

    private const string Remove = """
        with events as (delete from call_event where call_ref = any($1) returning 1),
        calls as (delete from call where call_id = any($1) returning 1),
        names as (delete from call_alias where alias = any($1) or call_id = any($1) returning 1),
        controls as (delete from call_control where call_ref = any($1) returning 1),
        changes as (delete from call_change where call_id = any($1) returning 1),
        ledger as (delete from tool_call_ledger where call_id = any($1) returning 1),
        inquiries as (delete from call_inquiry where call_id = any($1)),
        waiting as (delete from call_fold_queue where call_ref = any($1))
        select (select count(*) from calls), (select count(*) from events), (select count(*) from names), (select count(*) from controls), (select count(*) from changes),
               (select count(*) from ledger)
        """;

    private const string Count = """
        select (select count(*) from call where call_id = any($1)), (select count(*) from call_event where call_ref = any($1)),
               (select count(*) from call_alias where alias = any($1) or call_id = any($1)), (select count(*) from call_control where call_ref = any($1)),
               (select count(*) from call_change where call_id = any($1)), (select count(*) from tool_call_ledger where call_id = any($1))
        """;

    /// <summary>Waits for the fold's lock, which ends with the transaction under way on this connection.</summary>
    public static async Task LockAsync(NpgsqlConnection connection, TimeProvider time, CancellationToken cancellation)
    {
        while (!await CallFolder.TryLockAsync(connection, cancellation))
        {
            await Task.Delay(s_turn, time, cancellation);
        }
    }

    /// <summary>All names of these calls, their ids included.</summary>
    public static async Task<string[]> NamesAsync(NpgsqlConnection connection, string[] callIds, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(NamesOf, connection) { Parameters = { Texts(callIds) } };
        return (string[])(await command.ExecuteScalarAsync(cancellation))!;
    }

    public static Task<ErasedRows> RemoveAsync(NpgsqlConnection connection, string[] names, CancellationToken cancellation) => RowsAsync(connection, Remove, names, cancellation);

    /// <summary>What <see cref="RemoveAsync"/> would remove.</summary>
    public static Task<ErasedRows> CountAsync(NpgsqlConnection connection, string[] names, CancellationToken cancellation) => RowsAsync(connection, Count, names, cancellation);

    private static async Task<ErasedRows> RowsAsync(NpgsqlConnection connection, string sql, string[] names, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection) { Parameters = { Texts(names) } };
        await using var row = await command.ExecuteReaderAsync(cancellation);
        await row.ReadAsync(cancellation);
        return new ErasedRows(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4), row.GetInt64(5));
    }

    private static NpgsqlParameter<string[]> Texts(string[] texts) => new() { TypedValue = texts };
}
