using ToolBackend.Core.Calls.Events;
using ToolBackend.Core.Data;
using ToolBackend.Core.Resilience;

namespace ToolBackend.Core.Calls.Intake;

/// <summary>Events as they were stored, for who cannot wait until they are folded.</summary>
public sealed class CallEventReads(Database database)
{
    /// <summary>Of one side of a call, in no order.</summary>
    /// <exception cref="UpstreamException">Postgres does not answer.</exception>
    public Task<IReadOnlyList<CallEvent>> OfAsync(string callRef, CancellationToken cancellation) =>
        database.ReadAsync<IReadOnlyList<CallEvent>>(async (connection, deadline) => await CallFoldSql.EventsAsync(connection, [callRef], deadline).ConfigureAwait(false), cancellation);
}
