using Npgsql;
using ToolBackend.Core.Calls.Events;
using ToolBackend.Core.Calls.Retention;
using ToolBackend.Core.Speech;

namespace ToolBackend.Core.Calls.Privacy;

/// <summary>What was removed of a caller, or would be.</summary>
/// <param name="Invocations">Rows of the tool invocation log that no longer tell who called.</param>
public sealed record ForgottenCaller(ErasedRows Rows, long Invocations);

/// <summary>
/// Removes what calls left of one number: the calls in which it was the other party, with their events, names, control addresses and changes, what tools
/// answered in them, and the caller's hash in the invocation log. The names of those calls are remembered, so that neither a late event nor a backfill brings them back.
/// </summary>
/// <remarks>
/// What stays: appointments, shipments and customers, which are the business's records; the log of who looked at transcripts; the number where somebody spoke it in a call of
/// somebody else's; and whatever the voice platform itself keeps. A call that begins later is a new one.
/// </remarks>
public sealed class ForgetCaller(NpgsqlDataSource database, TimeProvider time)
{
    /// <summary>Calls per transaction: the fold waits for as long as one lasts.</summary>
    private const int Slice = 100;

    /// <summary>Two of the statements read whole tables.</summary>
    private const int LongStatementSeconds = 600;

    private static readonly string[] s_sip = ["sip:", "sips:"];

    /// <summary>The other party of a call is a number or, from a SIP trunk, an address that begins with it.</summary>
    private const string Calls = """
        select call_id from call where caller = $1 or caller like 'sip:' || $1 || '@%' or caller like 'sips:' || $1 || '@%'
        """;

    /// <summary>Calls that nobody has folded yet. Their facts are JSON text, in which a plus sign may be escaped.</summary>
    private const string Waiting = """
        select call_ref, facts from call_event where call_ref in (select call_ref from call_fold_queue) and position($1 in facts) > 0
        """;

    /// <exception cref="NpgsqlException">Postgres failed; what was removed stays removed, and running it again goes on.</exception>
    public async Task<ForgottenCaller> RunAsync(PhoneNumber number, CancellationToken cancellation)
    {
        var rows = new ErasedRows();

        // Until none is found: while slices are removed, a call may turn out to be one with another and change its id.
        while (await UnderLockAsync((connection, ct) => FindAsync(connection, number, ct), cancellation) is { Length: > 0 } found)
        {
            foreach (var slice in found.Chunk(Slice))
            {
                rows += await UnderLockAsync((connection, ct) => ForgetAsync(connection, slice, ct), cancellation);
            }
        }

        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var command = Command(connection, "update tool_invocation set caller_hash = null where caller_hash = $1", number.Hash());
        return new ForgottenCaller(rows, await command.ExecuteNonQueryAsync(cancellation));
    }

    /// <summary>What <see cref="RunAsync"/> would remove now. Changes nothing.</summary>
    /// <exception cref="NpgsqlException">Postgres failed.</exception>
    public async Task<ForgottenCaller> CountAsync(PhoneNumber number, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        var names = await CallErasure.NamesAsync(connection, await FindAsync(connection, number, cancellation), cancellation);
        var rows = await CallErasure.CountAsync(connection, names, cancellation);
        await using var command = Command(connection, "select count(*) from tool_invocation where caller_hash = $1", number.Hash());
        return new ForgottenCaller(rows, (long)(await command.ExecuteScalarAsync(cancellation))!);
    }

    private async Task<T> UnderLockAsync<T>(Func<NpgsqlConnection, CancellationToken, Task<T>> work, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await CallErasure.LockAsync(connection, time, cancellation);
        var result = await work(connection, cancellation);
        await transaction.CommitAsync(cancellation);
        return result;
    }

    private async Task<ErasedRows> ForgetAsync(NpgsqlConnection connection, string[] callIds, CancellationToken cancellation)
    {
        var names = await CallErasure.NamesAsync(connection, callIds, cancellation);
        await ForgottenCalls.RememberAsync(connection, names, time.GetUtcNow(), cancellation);
        return await CallErasure.RemoveAsync(connection, names, cancellation);
    }

    private static async Task<string[]> FindAsync(NpgsqlConnection connection, PhoneNumber number, CancellationToken cancellation)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        await using (var calls = Command(connection, Calls, number.E164))
        {
            await using var rows = await calls.ExecuteReaderAsync(cancellation);
            while (await rows.ReadAsync(cancellation))
            {
                found.Add(rows.GetString(0));
            }
        }

        await using var waiting = Command(connection, Waiting, number.E164[1..]);
        await using var events = await waiting.ExecuteReaderAsync(cancellation);
        while (await events.ReadAsync(cancellation))
        {
            if (IsOther(CallFacts.Parse(events.GetString(1)).Call?.Customer, number))
            {
                found.Add(events.GetString(0));
            }
        }

        return [.. found];
    }

    private static bool IsOther(string? customer, PhoneNumber number) =>
        customer == number.E164 || (customer is not null && s_sip.Any(scheme => customer.StartsWith($"{scheme}{number.E164}@", StringComparison.Ordinal)));

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, string value) =>
        new(sql, connection) { CommandTimeout = LongStatementSeconds, Parameters = { new NpgsqlParameter<string> { TypedValue = value } } };
}
