using Npgsql;

namespace ToolBackend.Core.Calls.Intake;

/// <param name="Calls">Calls folded from them.</param>
/// <param name="Changed">Calls whose stored state was not what their events say, and was replaced.</param>
/// <param name="Failed">Calls that could not be folded.</param>
public sealed record RebuildReport(long Calls, long Changed, IReadOnlyList<string> Failed);

/// <summary>
/// Folds every call anew from its events, a slice of references at a time, while events go on coming in. After a change of the fold, or to prove that states are what
/// their events say: then nothing changes.
/// </summary>
public sealed class CallRebuild(NpgsqlDataSource database, TimeProvider time)
{
    private const int Slice = 500;
    private static readonly TimeSpan s_turn = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan s_lockDeadline = TimeSpan.FromMinutes(1);

    /// <param name="progress">Told the number of references done.</param>
    /// <exception cref="NpgsqlException">Postgres failed; what was done stays done.</exception>
    /// <exception cref="TimeoutException">Another process folds without a pause.</exception>
    public async Task<RebuildReport> RunAsync(IProgress<long>? progress, CancellationToken cancellation)
    {
        var last = "";
        long done = 0, calls = 0, changed = 0;
        var failed = new List<string>();
        while (true)
        {
            var connection = await database.OpenConnectionAsync(cancellation).ConfigureAwait(false);
            await using var _ = connection.ConfigureAwait(false);
            var transaction = await connection.BeginTransactionAsync(cancellation).ConfigureAwait(false);
            await using var __ = transaction.ConfigureAwait(false);
            await LockAsync(connection, cancellation).ConfigureAwait(false);
            var refs = await NextAsync(connection, last, cancellation).ConfigureAwait(false);
            if (refs.Count == 0)
            {
                return new RebuildReport(calls, changed, failed);
            }

            var report = await CallFolder.FoldUnderLockAsync(connection, refs, time.GetUtcNow(), cancellation).ConfigureAwait(false);
            await transaction.CommitAsync(cancellation).ConfigureAwait(false);
            (last, done) = (refs[^1], done + refs.Count);
            (calls, changed) = (calls + report.Folded, changed + report.Changed);
            failed.AddRange(report.Failed.Select(f => f.CallRef));
            progress?.Report(done);
        }
    }

    private async Task LockAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var started = time.GetTimestamp();
        while (!await CallFolder.TryLockAsync(connection, cancellation).ConfigureAwait(false))
        {
            if (time.GetElapsedTime(started) > s_lockDeadline)
            {
                throw new TimeoutException("Another process folds calls without a pause.");
            }

            await Task.Delay(s_turn, time, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>References in their own order. Each step is a seek in the primary keys, so that the slices of a large table cost the same.</summary>
    private static async Task<List<string>> NextAsync(NpgsqlConnection connection, string last, CancellationToken cancellation)
    {
        var command = new NpgsqlCommand("""
            with recursive refs as (
              (select call_ref, 1 as n from call_event where call_ref > $1 order by call_ref limit 1)
              union all
              select (select e.call_ref from call_event e where e.call_ref > refs.call_ref order by e.call_ref limit 1), n + 1 from refs where refs.call_ref is not null and n < $2)
            select call_ref from refs where call_ref is not null
            """, connection)
        {
            Parameters = { new NpgsqlParameter<string> { TypedValue = last }, new NpgsqlParameter<int> { TypedValue = Slice } },
        };
        await using var _ = command.ConfigureAwait(false);
        var rows = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        await using var __ = rows.ConfigureAwait(false);
        var refs = new List<string>();
        while (await rows.ReadAsync(cancellation).ConfigureAwait(false))
        {
            refs.Add(rows.GetString(0));
        }

        return refs;
    }
}
