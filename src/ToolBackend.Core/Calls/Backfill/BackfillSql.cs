using Npgsql;

namespace ToolBackend.Core.Calls.Backfill;

/// <summary>An outage that is still to be made good.</summary>
/// <param name="From">Changes before this moment are fetched already.</param>
internal sealed record OpenBackfill(long Id, DateTimeOffset From, DateTimeOffset Until);

/// <summary>The statements over <c>call_backfill</c>.</summary>
internal static class BackfillSql
{
    public static async Task<OpenBackfill?> OldestAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("select backfill_id, coalesce(reached, since), until from call_backfill where done_at is null order by backfill_id limit 1", connection);
        await using var row = await command.ExecuteReaderAsync(cancellation);
        return await row.ReadAsync(cancellation) ? new OpenBackfill(row.GetInt64(0), row.GetFieldValue<DateTimeOffset>(1), row.GetFieldValue<DateTimeOffset>(2)) : null;
    }

    public static async Task<int> ReachedAsync(NpgsqlConnection connection, long id, DateTimeOffset reached, int calls, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("update call_backfill set reached = $2, calls = coalesce(calls, 0) + $3 where backfill_id = $1", connection)
        {
            Parameters = { Of(id), Of(reached), new NpgsqlParameter<int> { TypedValue = calls } },
        };
        return await command.ExecuteNonQueryAsync(cancellation);
    }

    public static async Task<int> DoneAsync(NpgsqlConnection connection, long id, DateTimeOffset now, int calls, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("update call_backfill set done_at = $2, calls = coalesce(calls, 0) + $3 where backfill_id = $1", connection)
        {
            Parameters = { Of(id), Of(now), new NpgsqlParameter<int> { TypedValue = calls } },
        };
        return await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Vapi's ids of calls that were under way when the outage ended and of which nothing was heard since: their end may be what was missed.</summary>
    public static async Task<List<string>> UnheardAsync(NpgsqlConnection connection, DateTimeOffset until, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("""
            select distinct e.call_ref
            from call c join call_alias a on a.call_id = c.call_id join call_event e on e.call_ref = a.alias
            where c.status <> 'ended' and c.opened_at < $1 and c.last_event_at < $1 and e.source in ('vapi', 'api')
            """, connection)
        {
            Parameters = { Of(until) },
        };
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        var refs = new List<string>();
        while (await rows.ReadAsync(cancellation))
        {
            refs.Add(rows.GetString(0));
        }

        return refs;
    }

    private static NpgsqlParameter<long> Of(long id) => new() { TypedValue = id };

    private static NpgsqlParameter<DateTime> Of(DateTimeOffset at) => new() { TypedValue = at.UtcDateTime };
}
