using Npgsql;
using ToolBackend.Core.Calls.Retention;

namespace ToolBackend.Core.Calls.Privacy;

/// <summary>
/// Names of calls whose caller was forgotten (<c>call_forgotten</c>). Events under one of them are not stored; those that were under way when it was forgotten are removed
/// before they are folded.
/// </summary>
internal static class ForgottenCalls
{
    public static async Task RememberAsync(NpgsqlConnection connection, string[] names, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("insert into call_forgotten (alias, at) select distinct name, $2 from unnest($1::text[]) as n (name) on conflict do nothing", connection)
        {
            Parameters = { Of(names), new NpgsqlParameter<DateTime> { TypedValue = now.UtcDateTime } },
        };
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>
    /// Removes what is stored of those calls among these that are forgotten, by their own reference or by the carrier's id of one of their events, and remembers their
    /// references too: the next event may lack the carrier's id. Returns the references that are gone. The fold's lock must be held.
    /// </summary>
    public static async Task<IReadOnlySet<string>> DropAsync(
        NpgsqlConnection connection, IReadOnlyCollection<(string CallRef, string? ProviderCallId)> events, DateTimeOffset now, CancellationToken cancellation)
    {
        var known = await AmongAsync(connection, events.SelectMany(e => new[] { e.CallRef, e.ProviderCallId }).OfType<string>().ToHashSet(StringComparer.Ordinal), cancellation);
        var gone = known.Count == 0
            ? known
            : events.Where(e => known.Contains(e.CallRef) || (e.ProviderCallId is { } carriers && known.Contains(carriers))).Select(e => e.CallRef).ToHashSet(StringComparer.Ordinal);
        if (gone.Count > 0)
        {
            await RememberAsync(connection, [.. gone], now, cancellation);
            await CallErasure.RemoveAsync(connection, [.. gone], cancellation);
        }

        return gone;
    }

    private static async Task<HashSet<string>> AmongAsync(NpgsqlConnection connection, IReadOnlyCollection<string> names, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("select alias from call_forgotten where alias = any($1)", connection) { Parameters = { Of([.. names]) } };
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        var known = new HashSet<string>(StringComparer.Ordinal);
        while (await rows.ReadAsync(cancellation))
        {
            known.Add(rows.GetString(0));
        }

        return known;
    }

    private static NpgsqlParameter<string[]> Of(string[] names) => new() { TypedValue = names };
}
