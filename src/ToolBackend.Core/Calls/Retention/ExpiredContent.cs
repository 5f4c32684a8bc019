using Npgsql;
using ToolBackend.Core.Calls.Intake;
using ToolBackend.Core.Calls.Live;
using ToolBackend.Core.Data;

namespace ToolBackend.Core.Calls.Retention;

/// <summary>
/// Removes what was said in calls that began before a moment, call by call in the order of their beginnings, and folds them anew from what is left. A mark
/// (<c>retention_mark</c>) tells how far that has come; calls before it that got something said later are found among the latest changes.
/// </summary>
public sealed class ExpiredContent(Database database, LiveFeed feed, TimeProvider time)
{
    /// <summary>Calls per transaction. A long conversation is repeated in many of its events.</summary>
    private const int Slice = 20;

    private const string Mark = "content";

    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(50);

    private static readonly string s_next = $"select call_id, opened_at from call where opened_at < $1 and (opened_at, call_id) > ($2, $3) order by opened_at, call_id limit {Slice}";

    private static readonly string s_late =
        $"select distinct call_id from call_change join call using (call_id) where opened_at < $1 and (words is not null or position('\"summary\"' in state) > 0) limit {Slice}";

    /// <summary>Returns how many events had content.</summary>
    public async Task<long> RemoveAsync(DateTimeOffset before, CancellationToken cancellation)
    {
        var mark = await database.ReadAsync(MarkAsync, cancellation) ?? DateTimeOffset.MinValue;
        var removed = 0L;
        var (at, id) = (mark, "");
        while (await database.ReadAsync((connection, ct) => NextAsync(connection, before, at, id, ct), cancellation) is { Count: > 0 } slice)
        {
            removed += await StripAsync([.. slice.Select(c => c.CallId)], cancellation);
            (id, at) = slice[^1];
            await SetMarkAsync(at, cancellation);
        }

        await SetMarkAsync(before, cancellation);
        return removed + await RemoveLateAsync(before, cancellation);
    }

    private async Task<long> RemoveLateAsync(DateTimeOffset before, CancellationToken cancellation)
    {
        var removed = 0L;
        var done = new HashSet<string>(StringComparer.Ordinal);
        while (await database.ReadAsync((connection, ct) => LateAsync(connection, before, ct), cancellation) is { Length: > 0 } late && late.Any(done.Add))
        {
            removed += await StripAsync(late, cancellation);
        }

        return removed;
    }

    private async Task<long> StripAsync(string[] callIds, CancellationToken cancellation)
    {
        var names = await database.ReadAsync((connection, ct) => CallErasure.NamesAsync(connection, callIds, ct), cancellation);
        var stripped = await database.WriteAsync((connection, _, ct) => ContentRemoval.StripAsync(connection, names, ct), cancellation);

        // Apart from the stripping, so that the fold of live calls waits for no longer than a fold takes.
        var report = await database.WriteAsync(
            async (connection, _, ct) =>
            {
                await CallErasure.LockAsync(connection, time, ct);
                return await CallFolder.FoldUnderLockAsync(connection, names, time.GetUtcNow(), ct);
            },
            cancellation);
        if (report.NewestChange > 0)
        {
            feed.ChangesCommitted(report.NewestChange);
        }

        await Task.Delay(s_pause, time, cancellation);
        return stripped;
    }

    private Task<int> SetMarkAsync(DateTimeOffset at, CancellationToken cancellation) => database.ReadAsync(
        async (connection, ct) =>
        {
            await using var command = new NpgsqlCommand("insert into retention_mark (name, at) values ($1, $2) on conflict (name) do update set at = greatest(retention_mark.at, excluded.at)", connection)
            {
                Parameters = { new NpgsqlParameter<string> { TypedValue = Mark }, Of(at) },
            };
            return await command.ExecuteNonQueryAsync(ct);
        },
        cancellation);

    private static async Task<DateTimeOffset?> MarkAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("select at from retention_mark where name = $1", connection) { Parameters = { new NpgsqlParameter<string> { TypedValue = Mark } } };
        return await command.ExecuteScalarAsync(cancellation) is DateTime at ? new DateTimeOffset(at, TimeSpan.Zero) : null;
    }

    private static async Task<List<(string CallId, DateTimeOffset OpenedAt)>> NextAsync(
        NpgsqlConnection connection, DateTimeOffset before, DateTimeOffset at, string id, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(s_next, connection) { Parameters = { Of(before), Of(at), new NpgsqlParameter<string> { TypedValue = id } } };
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var calls = new List<(string, DateTimeOffset)>(Slice);
        while (await row.ReadAsync(cancellation))
        {
            calls.Add((row.GetString(0), row.GetFieldValue<DateTimeOffset>(1)));
        }

        return calls;
    }

    private static async Task<string[]> LateAsync(NpgsqlConnection connection, DateTimeOffset before, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(s_late, connection) { Parameters = { Of(before) } };
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var calls = new List<string>(Slice);
        while (await row.ReadAsync(cancellation))
        {
            calls.Add(row.GetString(0));
        }

        return [.. calls];
    }

    private static NpgsqlParameter<DateTime> Of(DateTimeOffset at) => new() { TypedValue = at.UtcDateTime };
}
