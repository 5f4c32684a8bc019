using Npgsql;
using ToolBackend.Core.Calls.Events;
using ToolBackend.Core.Data;

namespace ToolBackend.Core.Calls.Intake;

/// <summary>Stores an event as a first call's would be, folds it and takes all of it back: so that no caller waits for code to be compiled and statements to be prepared.</summary>
public sealed class CallRehearsal(Database database, TimeProvider time)
{
    /// <summary>
    /// In place of the real table for this transaction. What is rolled back has used up its numbers all the same, and who resumes a stream of changes would take the gap for changes that are gone.
    /// </summary>
    private const string OwnChanges = "create temporary table call_change (like call_change including identity) on commit drop";

    /// <exception cref="Resilience.UpstreamException">Postgres failed or did not answer in time.</exception>
    public Task RunAsync(ReportedEvent reported, CancellationToken cancellation = default) => database.ReadAsync(
        async (connection, ct) =>
        {
            // Never committed: disposed of, it rolls back.
            await using var transaction = await connection.BeginTransactionAsync(ct);
            await CallEventSql.AppendAsync(connection, [reported], new KnownControls(), ct);
            await using (var changes = new NpgsqlCommand(OwnChanges, connection))
            {
                await changes.ExecuteNonQueryAsync(ct);
            }

            return await CallFolder.FoldUnderLockAsync(connection, [reported.Event.CallRef], time.GetUtcNow(), ct);
        },
        cancellation);
}
