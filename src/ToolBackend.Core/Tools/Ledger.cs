using Npgsql;
using NpgsqlTypes;
using ToolBackend.Core.Caching;
using ToolBackend.Core.Data;
using ToolBackend.Core.Resilience;
using Microsoft.Extensions.Options;

namespace ToolBackend.Core.Tools;

/// <summary>What a write has in its hands while it decides: one connection inside one transaction, and the keys it makes old.</summary>
public sealed class WriteScope(NpgsqlConnection connection)
{
    private readonly HashSet<string> _changed = new(StringComparer.Ordinal);

    public NpgsqlConnection Connection { get; } = connection;

    public IReadOnlyCollection<string> ChangedKeys => _changed;

    /// <summary>Names a cache key that the write makes old, so that this process does not wait for the notification.</summary>
    public void Changed(string key) => _changed.Add(key);
}

/// <summary>
/// Makes a write happen once per tool call. The ledger row is inserted in the same transaction as the work and decides who owns it.
/// </summary>
/// <remarks>
/// <code>
/// row for (call, tool call)   fingerprint   what happens
/// absent                      -             insert, work, store the answer, commit
/// being written elsewhere     -             wait for that commit (lock timeout), then as below
/// present                     same          replay the stored answer
/// present                     other         refuse: KeyReused
/// </code>
/// Nothing is recorded before the work is done: an aborted transaction leaves no row, so a retry does real work.
/// Tests: BookingRaceTests (C1, C2, C4, C5), CommitFaultTests (C3, F6).
/// </remarks>
public sealed class Ledger(Database database, ReadThroughCache cache, IOptions<DatabaseOptions> options)
{
    private readonly string _limits =
        $"select set_config('lock_timeout', '{options.Value.LockTimeoutMilliseconds}', true), set_config('statement_timeout', '{options.Value.ReadTimeoutMilliseconds}', true)";

    /// <exception cref="UpstreamException">Nothing was committed, or it could not be found out.</exception>
    public async Task<ToolOutcome> OnceAsync(string tool, ToolContext context, byte[] fingerprint, Func<WriteScope, CancellationToken, Task<ToolOutcome>> work)
    {
        if (!IsKey(context.Call.CallId) || !IsKey(context.ToolCallId))
        {
            return new NotRepeatable();
        }

        try
        {
            return await RunOnceAsync(tool, context, fingerprint, work).ConfigureAwait(false);
        }
        catch (RehearsalEnded rehearsal)
        {
            return rehearsal.Outcome;
        }
    }

    private async Task<ToolOutcome> RunOnceAsync(string tool, ToolContext context, byte[] fingerprint, Func<WriteScope, CancellationToken, Task<ToolOutcome>> work)
    {
        var (outcome, changed, xid) = await database.WriteAsync(async (connection, _, cancellation) =>
        {
            if (!await TryClaimAsync(connection, tool, context, fingerprint, cancellation).ConfigureAwait(false))
            {
                return (await ReplayAsync(connection, context, fingerprint, cancellation).ConfigureAwait(false), (IReadOnlyCollection<string>)[], 0L);
            }

            var scope = new WriteScope(connection);
            var decided = await work(scope, cancellation).ConfigureAwait(false);
            var transactionId = await StoreAsync(connection, context, decided, cancellation).ConfigureAwait(false);
            if (context.IsRehearsal)
            {
                throw new RehearsalEnded(decided);
            }

            return (decided, scope.ChangedKeys, transactionId);
        }).ConfigureAwait(false);

        foreach (var key in changed)
        {
            cache.Invalidate(key, xid); // read-your-write on this node, before the notification comes round
        }

        return outcome;
    }

    private async Task<bool> TryClaimAsync(NpgsqlConnection connection, string tool, ToolContext context, byte[] fingerprint, CancellationToken cancellation)
    {
        var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new NpgsqlBatchCommand(_limits),
                new NpgsqlBatchCommand("insert into tool_call_ledger (call_id, tool_call_id, tool, fingerprint) values ($1, $2, $3, $4) on conflict do nothing")
                {
                    Parameters = { Text(context.Call.CallId), Text(context.ToolCallId), Text(tool), new() { Value = fingerprint, NpgsqlDbType = NpgsqlDbType.Bytea } },
                },
            },
        };
        await using var _ = batch.ConfigureAwait(false);
        try
        {
            await batch.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.LockNotAvailable)
        {
            throw new UpstreamException("Postgres", UpstreamFailure.InProgress, e); // the first delivery is still at work
        }

        return batch.BatchCommands[1].RecordsAffected == 1;
    }

    private static async Task<ToolOutcome> ReplayAsync(NpgsqlConnection connection, ToolContext context, byte[] fingerprint, CancellationToken cancellation)
    {
        var command = new NpgsqlCommand("select fingerprint, outcome, result, failed from tool_call_ledger where call_id = $1 and tool_call_id = $2", connection)
        {
            Parameters = { Text(context.Call.CallId), Text(context.ToolCallId) },
        };
        await using var _ = command.ConfigureAwait(false);
        var row = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        await using var __ = row.ConfigureAwait(false);
        if (!await row.ReadAsync(cancellation).ConfigureAwait(false) || await row.IsDBNullAsync(2, cancellation).ConfigureAwait(false))
        {
            // The row that stood in the way has been swept since.
            throw new UpstreamException("Postgres", UpstreamFailure.Busy);
        }

        return row.GetFieldValue<byte[]>(0).AsSpan().SequenceEqual(fingerprint)
            ? new Replayed(row.GetString(1), row.GetString(2), row.GetBoolean(3))
            : new KeyReused();
    }

    private static async Task<long> StoreAsync(NpgsqlConnection connection, ToolContext context, ToolOutcome outcome, CancellationToken cancellation)
    {
        var command = new NpgsqlCommand(
            "update tool_call_ledger set outcome = $3, result = $4, failed = $5 where call_id = $1 and tool_call_id = $2 returning pg_current_xact_id()::text::bigint", connection)
        {
            Parameters = { Text(context.Call.CallId), Text(context.ToolCallId), Text(outcome.Code), Text(outcome.Say), new() { Value = outcome.Failed } },
        };
        await using var _ = command.ConfigureAwait(false);
        return (long)(await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false))!;
    }

    /// <summary>Printable ASCII: what every platform's ids are, and what Postgres text can hold.</summary>
    private static bool IsKey(string id) => id.Length is > 0 and <= 128 && id.All(char.IsAscii) && !id.Any(char.IsControl);

    /// <summary>Thrown through the transaction so that it rolls back: a warm-up does all of the work and leaves nothing.</summary>
    private sealed class RehearsalEnded(ToolOutcome outcome) : Exception
    {
        public ToolOutcome Outcome { get; } = outcome;
    }

    private static NpgsqlParameter Text(string value) => new() { Value = value, NpgsqlDbType = NpgsqlDbType.Text };
}
