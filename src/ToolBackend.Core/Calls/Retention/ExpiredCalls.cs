using System.Globalization;
using Microsoft.Extensions.Logging;
using Npgsql;
using ToolBackend.Core.Data;
using ToolBackend.Core.Resilience;

namespace ToolBackend.Core.Calls.Retention;

/// <summary>
/// Deletes calls that began, and were last heard of, before a moment. Months of events that lie wholly before it are dropped as partitions, what is left goes call by call.
/// Senders' clocks decide only together with ours: nothing is deleted that was received after the moment.
/// </summary>
public sealed partial class ExpiredCalls(Database database, TimeProvider time, ILogger<ExpiredCalls> logger)
{
    /// <summary>Calls per transaction: the fold waits for as long as one lasts.</summary>
    private const int Slice = 100;

    private const string Prefix = "call_event_";

    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(50);

    private const string Next = """
        select c.call_id from call c
        where c.opened_at < $1 and c.last_event_at < $1
          and not exists (select from call_alias a join call_event e on e.call_ref = a.alias where a.call_id = c.call_id and e.received_at >= $1)
        order by c.opened_at limit $2
        """;

    // What a sender dated far ahead lies in the default partition, and its call begins in the future.
    private const string WildClocks = """
        select distinct coalesce(a.call_id, e.call_ref) from call_event_default e left join call_alias a on a.alias = e.call_ref
        where e.received_at < $1 and not exists (select from call_event n where n.call_ref = e.call_ref and n.received_at >= $1)
        limit $2
        """;

    /// <summary>Returns what was deleted; the events of dropped months are not counted.</summary>
    public async Task<ErasedRows> DeleteAsync(DateTimeOffset before, CancellationToken cancellation)
    {
        foreach (var (partition, end) in await database.ReadAsync(PartitionsAsync, cancellation))
        {
            if (end <= before)
            {
                await TryDropAsync(partition, before, cancellation);
            }
        }

        return await DeleteAsync(Next, before, cancellation) + await DeleteAsync(WildClocks, before, cancellation);
    }

    private async Task<ErasedRows> DeleteAsync(string sql, DateTimeOffset before, CancellationToken cancellation)
    {
        var all = new ErasedRows();
        while (true)
        {
            var (found, rows) = await database.WriteAsync((connection, _, ct) => DeleteSliceAsync(connection, sql, before, ct), cancellation);
            all += rows;
            if (found < Slice)
            {
                return all;
            }

            await Task.Delay(s_pause, time, cancellation);
        }
    }

    private async Task<(int Found, ErasedRows Rows)> DeleteSliceAsync(NpgsqlConnection connection, string sql, DateTimeOffset before, CancellationToken cancellation)
    {
        await CallErasure.LockAsync(connection, time, cancellation);
        await using var command = new NpgsqlCommand($"select array({sql})", connection) { Parameters = { Of(before), new NpgsqlParameter<int> { TypedValue = Slice } } };
        var calls = (string[])(await command.ExecuteScalarAsync(cancellation))!;
        return calls.Length == 0
            ? (0, new ErasedRows())
            : (calls.Length, await CallErasure.RemoveAsync(connection, await CallErasure.NamesAsync(connection, calls, cancellation), cancellation));
    }

    /// <summary>Dropping locks the whole table for a moment: whoever cannot have that soon leaves it to the next run, and writers do not queue behind it.</summary>
    private async Task TryDropAsync(string partition, DateTimeOffset before, CancellationToken cancellation)
    {
        try
        {
            var dropped = await database.WriteAsync(
                async (connection, _, ct) =>
                {
                    await using var look = new NpgsqlCommand($"select exists (select from {partition} where received_at >= $1)", connection) { Parameters = { Of(before) } };
                    if ((bool)(await look.ExecuteScalarAsync(ct))!)
                    {
                        return false;
                    }

                    await using var drop = new NpgsqlCommand($"set local lock_timeout = '200ms'; drop table {partition}", connection);
                    await drop.ExecuteNonQueryAsync(ct);
                    return true;
                },
                cancellation);
            if (dropped)
            {
                LogDropped(partition);
            }
        }
        catch (UpstreamException e) when (e.Failure is UpstreamFailure.Busy)
        {
            LogBusy(partition);
        }
    }

    /// <summary>The months' partitions, with the moment at which each ends.</summary>
    private static async Task<List<(string Name, DateTimeOffset End)>> PartitionsAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("select inhrelid::regclass::text from pg_inherits where inhparent = 'call_event'::regclass order by 1", connection);
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var partitions = new List<(string, DateTimeOffset)>();
        while (await row.ReadAsync(cancellation))
        {
            var name = row.GetString(0);
            if (name.StartsWith(Prefix, StringComparison.Ordinal)
                && DateTimeOffset.TryParseExact(name[Prefix.Length..], "yyyy'_'MM", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var month))
            {
                partitions.Add((name, month.AddMonths(1)));
            }
        }

        return partitions;
    }

    private static NpgsqlParameter<DateTime> Of(DateTimeOffset at) => new() { TypedValue = at.UtcDateTime };

    [LoggerMessage(1741, LogLevel.Information, "A month of call events is over and was dropped: {Partition}")]
    private partial void LogDropped(string partition);

    [LoggerMessage(1742, LogLevel.Information, "A month of call events is over, but {Partition} is in use: it is dropped by a later run")]
    private partial void LogBusy(string partition);
}
