using Npgsql;
using ToolBackend.Core.Calls.Events;
using ToolBackend.Core.Calls.Privacy;
using ToolBackend.Core.Calls.State;

namespace ToolBackend.Core.Calls.Intake;

/// <param name="Folded">Calls whose state was computed.</param>
/// <param name="Changed">Of these, calls whose stored state was not equal.</param>
/// <param name="NewestChange">Sequence number of the last change written; 0 when none was.</param>
/// <param name="Failed">References of calls that could not be folded, with the exception: a bug, theirs only.</param>
public sealed record FoldReport(int Folded, int Changed, long NewestChange, IReadOnlyList<(string CallRef, Exception Error)> Failed);

/// <summary>
/// Brings the stored states of calls up to their events, inside one transaction of the caller's. One transaction at a time in the whole cluster
/// (<see cref="TryLockAsync"/>): only so is the order of <c>call_change.seq</c> the order of commits, and only so do two sides of one call meet.
/// </summary>
public static class CallFolder
{
    private const long LockKey = 0x746F_6F6C_6264_6663;

    /// <summary>False when another process folds now. The lock ends with the transaction.</summary>
    public static async Task<bool> TryLockAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var command = new NpgsqlCommand("select pg_try_advisory_xact_lock($1)", connection) { Parameters = { new NpgsqlParameter<long> { TypedValue = LockKey } } };
        await using var _ = command.ConfigureAwait(false);
        return (bool)(await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false))!;
    }

    /// <summary>Folds the calls that these references belong to. The lock must be held.</summary>
    public static async Task<FoldReport> FoldUnderLockAsync(NpgsqlConnection connection, IReadOnlyCollection<string> callRefs, DateTimeOffset now, CancellationToken cancellation)
    {
        var events = await CallFoldSql.EventsAsync(connection, callRefs, cancellation).ConfigureAwait(false);

        // Stored by a statement that began before their caller was forgotten.
        var forgotten = await ForgottenCalls.DropAsync(connection, events.ConvertAll(e => (e.CallRef, e.ProviderCallId)), now, cancellation).ConfigureAwait(false);
        if (forgotten.Count > 0)
        {
            events.RemoveAll(e => forgotten.Contains(e.CallRef));
            callRefs = [.. callRefs.Where(r => !forgotten.Contains(r))];
        }

        var names = callRefs.Concat(events.Select(e => e.ProviderCallId).OfType<string>()).ToHashSet(StringComparer.Ordinal);
        var known = await CallFoldSql.AliasesAsync(connection, names, cancellation).ConfigureAwait(false);

        // Other sides of the same calls: their events are part of the fold.
        var others = known.Select(a => a.Alias).Where(a => !callRefs.Contains(a)).ToList();
        if (others.Count > 0)
        {
            events.AddRange(await CallFoldSql.EventsAsync(connection, others, cancellation).ConfigureAwait(false));
        }

        var failed = new List<(string, Exception)>();
        var states = new List<(CallState State, IReadOnlyList<string> Absorbed)>();
        foreach (var (own, formerIds) in Group(events, known))
        {
            try
            {
                var state = CallFold.Fold(own);
                states.Add((state, [.. formerIds.Where(id => id != state.CallId)]));
            }
            catch (Exception e)
            {
                failed.Add((own[0].CallRef, e)); // reported by whoever runs the transaction; the other calls go on
            }
        }

        var (changed, newest) = await CallFoldSql.SaveAsync(connection, states, now, cancellation).ConfigureAwait(false);
        return new FoldReport(states.Count, changed, newest, failed);
    }

    /// <summary>Events that share a reference, a carrier's id or a stored alias are of one call.</summary>
    private static IEnumerable<(List<CallEvent> Events, HashSet<string> FormerIds)> Group(List<CallEvent> events, IReadOnlyList<(string Alias, string CallId)> known)
    {
        var sets = new DisjointSets();
        foreach (var (alias, callId) in known)
        {
            sets.Join(alias, callId);
        }

        foreach (var one in events)
        {
            sets.Join(one.CallRef, one.ProviderCallId ?? one.CallRef);
        }

        var formerIds = known.ToLookup(a => sets.Find(a.CallId), a => a.CallId, StringComparer.Ordinal);
        return events.GroupBy(e => sets.Find(e.CallRef), StringComparer.Ordinal).Select(g => (g.ToList(), formerIds[g.Key].ToHashSet(StringComparer.Ordinal)));
    }
}
