using Npgsql;
using ToolBackend.Core.Data;

namespace ToolBackend.Core.Calls.Live;

/// <summary>Reads <c>call_change</c>, in which the order of <c>seq</c> is the order of commits: who asks for what is newer than the last one misses nothing.</summary>
internal sealed class ChangeTable(Database database)
{
    /// <summary>Changes after <paramref name="after"/>, oldest first, at most <paramref name="limit"/>.</summary>
    /// <exception cref="Resilience.UpstreamException">Postgres did not answer.</exception>
    public Task<List<LiveItem.Change>> AfterAsync(long after, int limit, CancellationToken cancellation) => database.ReadAsync(
        async (connection, ct) =>
        {
            var command = new NpgsqlCommand("select seq, payload from call_change where seq > $1 order by seq limit $2", connection)
            {
                Parameters = { new NpgsqlParameter<long> { TypedValue = after }, new NpgsqlParameter<int> { TypedValue = limit } },
            };
            await using var _ = command.ConfigureAwait(false);
            var rows = await command.ExecuteReaderAsync(ct).ConfigureAwait(false);
            await using var __ = rows.ConfigureAwait(false);
            var changes = new List<LiveItem.Change>();
            while (await rows.ReadAsync(ct).ConfigureAwait(false))
            {
                changes.Add(new LiveItem.Change(rows.GetInt64(0), rows.GetString(1)));
            }

            return changes;
        },
        cancellation);

    /// <summary>Whether every change after <paramref name="cursor"/> is still there. No for a cursor that is newer than the newest one: of another database, or of a change that was erased.</summary>
    /// <exception cref="Resilience.UpstreamException">Postgres did not answer.</exception>
    public Task<bool> KeepsAllAfterAsync(long cursor, CancellationToken cancellation) => database.ReadAsync(
        async (connection, ct) =>
        {
            var command = new NpgsqlCommand("select coalesce(min(seq) - 1, 0) <= $1 and $1 <= coalesce(max(seq), 0) from call_change", connection)
            {
                Parameters = { new NpgsqlParameter<long> { TypedValue = cursor } },
            };
            await using var _ = command.ConfigureAwait(false);
            return (bool)(await command.ExecuteScalarAsync(ct).ConfigureAwait(false))!;
        },
        cancellation);
}
