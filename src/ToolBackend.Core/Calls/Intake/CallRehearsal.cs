using ToolBackend.Core.Calls.Events;
using ToolBackend.Core.Calls.State;
using ToolBackend.Core.Data;

namespace ToolBackend.Core.Calls.Intake;

/// <summary>Stores an event as a first call's would be and takes it back, and folds it: so that no caller waits for the code to be compiled and the statement to be prepared.</summary>
public sealed class CallRehearsal(Database database)
{
    /// <exception cref="Resilience.UpstreamException">Postgres failed or did not answer in time.</exception>
    public async Task RunAsync(ReportedEvent reported, CancellationToken cancellation = default)
    {
        await database.ReadAsync(
            async (connection, ct) =>
            {
                // Never committed: disposed of, it rolls back.
                await using var transaction = await connection.BeginTransactionAsync(ct);
                return await CallEventSql.AppendAsync(connection, [reported], new KnownControls(), ct);
            },
            cancellation);

        // Not saved: a number of call_change would be used up, and those who resume a stream would find a gap.
        _ = CallFold.Fold([reported.Event]).ToJson();
    }
}
