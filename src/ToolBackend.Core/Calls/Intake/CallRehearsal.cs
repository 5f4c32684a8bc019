using ToolBackend.Core.Calls.Events;
using ToolBackend.Core.Data;

namespace ToolBackend.Core.Calls.Intake;

/// <summary>Stores and folds an event as a first call's would be, and takes it back: so that no caller waits for the code to be compiled and the statements to be prepared.</summary>
public sealed class CallRehearsal(Database database, TimeProvider time)
{
    /// <exception cref="Resilience.UpstreamException">Postgres failed or did not answer in time.</exception>
    public Task RunAsync(ReportedEvent reported, CancellationToken cancellation = default) => database.ReadAsync(
        async (connection, ct) =>
        {
            // Never committed: disposed of, it rolls back, and with it the projector's wake-up.
            await using var transaction = await connection.BeginTransactionAsync(ct);
            await CallEventSql.AppendAsync(connection, [reported], new KnownControls(), ct);
            return await CallFolder.TryLockAsync(connection, ct)
                && (await CallFolder.FoldUnderLockAsync(connection, [reported.Event.CallRef], time.GetUtcNow(), ct)).Folded > 0;
        },
        cancellation);
}
