using Npgsql;
using NpgsqlTypes;
using ToolBackend.Core.Data;
using ToolBackend.Core.Resilience;

namespace ToolBackend.Core.Calls.Orders;

/// <summary>What became of giving an order.</summary>
public enum OrderReceipt
{
    /// <summary>It waits for a host.</summary>
    Given,

    /// <summary>It was given before, with the same key, or for the same call just now.</summary>
    Repeated,

    /// <summary>The key belongs to another request.</summary>
    KeyReused,

    /// <summary>Too many orders wait: no host takes them.</summary>
    Full,
}

/// <summary>
/// Orders to the Voice hosts in Postgres (<c>call_order</c>). Each is carried out at most once.
/// <code>
/// waiting --taken by one host--> taken --> done | failed | unknown
///    |                             |
///    | its patience is over        | nothing heard of for a minute
///    v                             v
///  failed (expired)              unknown (host-lost)
/// </code>
/// </summary>
public sealed class CallOrderStore(Database database, TimeProvider time)
{
    /// <summary>Orders that may wait.</summary>
    public const int MostWaiting = 200;

    /// <summary>A transfer or an end of the same call that comes again within this time is the same one, told in another way.</summary>
    private static readonly TimeSpan s_same = TimeSpan.FromSeconds(30);

    /// <summary>Longer than any order takes.</summary>
    private static readonly TimeSpan s_lost = TimeSpan.FromMinutes(1);

    private const string Columns = "call_order_id, idempotency_key, kind, call_sid, request, asked_at, state, side, call_ref, reason";

    /// <exception cref="UpstreamException">Postgres does not answer; the order is not given, unless <see cref="UpstreamException.OutcomeIsUnknown"/> says so. The same key can be used again.</exception>
    public Task<(OrderReceipt Receipt, CallOrder? Order)> GiveAsync(NewOrder order, CancellationToken cancellation) =>
        database.WriteAsync((connection, _, ct) => GiveAsync(connection, order, time.GetUtcNow(), ct), cancellation);

    /// <summary>The order of a key; null for none.</summary>
    /// <exception cref="UpstreamException">Postgres does not answer.</exception>
    public Task<CallOrder?> FindAsync(string key, CancellationToken cancellation) => database.ReadAsync(
        async (connection, ct) => (await OrderOfAsync(connection, $"select {Columns} from call_order where idempotency_key = $1", ct, Of(key)).ConfigureAwait(false))?.Order, cancellation);

    /// <summary>Takes the oldest order that waits, for this host to carry out; null for none. Settles those whose time is over.</summary>
    /// <exception cref="UpstreamException">Postgres does not answer.</exception>
    public async Task<CallOrder?> TakeAsync(CancellationToken cancellation)
    {
        // Most of the time there is nothing, and a look costs no transaction.
        var isOpen = await database.ReadAsync(
            async (connection, ct) =>
            {
                var look = new NpgsqlCommand("select exists (select from call_order where state in ('waiting', 'taken'))", connection);
                await using var _ = look.ConfigureAwait(false);
                return await look.ExecuteScalarAsync(ct).ConfigureAwait(false) is true;
            },
            cancellation).ConfigureAwait(false);
        return isOpen ? await database.WriteAsync((connection, _, ct) => TakeAsync(connection, time.GetUtcNow(), ct), cancellation).ConfigureAwait(false) : null;
    }

    /// <summary>Writes down what became of an order that this host took.</summary>
    /// <exception cref="UpstreamException">Postgres does not answer: it becomes <c>unknown</c> by itself.</exception>
    public Task SettleAsync(Guid id, OrderState state, string? side, string? callRef, string? reason, CancellationToken cancellation) => database.WriteAsync(
        (connection, _, ct) => RunAsync(
            connection, "update call_order set state = $2, side = $3, call_ref = $4, reason = $5, settled_at = $6, request = null where call_order_id = $1 and state = 'taken'", ct,
            new() { Value = id }, Of(Word(state)), Of(side), Of(callRef), Of(reason), Of(time.GetUtcNow())),
        cancellation);

    private static async Task<(OrderReceipt, CallOrder?)> GiveAsync(NpgsqlConnection connection, NewOrder order, DateTimeOffset now, CancellationToken cancellation)
    {
        var given = await OrderOfAsync(
            connection,
            $"""
            insert into call_order (call_order_id, idempotency_key, fingerprint, kind, call_sid, request, asked_at, asked_by, expires_at, state)
            select $1, $2, $3, $4, $5, $6, $7, $8, $9, 'waiting'
            where (select count(*) from call_order where state = 'waiting') < {MostWaiting}
              and not exists (select from call_order where call_sid = $5 and kind = $4 and asked_at > $10)
            on conflict (idempotency_key) do nothing
            returning {Columns}, fingerprint
            """,
            cancellation,
            new() { Value = Guid.CreateVersion7(now) }, Of(order.Key), new() { Value = order.Fingerprint }, Of(Word(order.Kind)), Of(order.CallSid), Of(order.Request), Of(now), Of(order.AskedBy), Of(now + order.Patience),
            Of(now - s_same)).ConfigureAwait(false);
        if (given is { } fresh)
        {
            return (OrderReceipt.Given, fresh.Order);
        }

        var before = await OrderOfAsync(
            connection, $"select {Columns}, fingerprint from call_order where idempotency_key = $1 or (call_sid = $2 and kind = $3 and asked_at > $4) order by idempotency_key = $1 desc limit 1", cancellation,
            Of(order.Key), Of(order.CallSid), Of(Word(order.Kind)), Of(now - s_same)).ConfigureAwait(false);
        return before switch
        {
            null => (OrderReceipt.Full, null),
            { } same when same.Order.Key != order.Key || same.Fingerprint.AsSpan().SequenceEqual(order.Fingerprint) => (OrderReceipt.Repeated, same.Order),
            _ => (OrderReceipt.KeyReused, null),
        };
    }

    private static async Task<CallOrder?> TakeAsync(NpgsqlConnection connection, DateTimeOffset now, CancellationToken cancellation)
    {
        await RunAsync(
            connection,
            """
            update call_order set state = case state when 'waiting' then 'failed' else 'unknown' end, reason = case state when 'waiting' then 'expired' else 'host-lost' end, settled_at = $1, request = null
            where (state = 'waiting' and expires_at <= $1) or (state = 'taken' and taken_at <= $2)
            """,
            cancellation, Of(now), Of(now - s_lost)).ConfigureAwait(false);
        return (await OrderOfAsync(
            connection,
            $"""
            update call_order set state = 'taken', taken_at = $1
            where call_order_id = (select call_order_id from call_order where state = 'waiting' order by asked_at limit 1 for update skip locked)
            returning {Columns}
            """,
            cancellation, Of(now)).ConfigureAwait(false))?.Order;
    }

    private static async Task<int> RunAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation, params NpgsqlParameter[] parameters)
    {
        var command = new NpgsqlCommand(sql, connection);
        await using var _ = command.ConfigureAwait(false);
        command.Parameters.AddRange(parameters);
        return await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
    }

    private static async Task<(CallOrder Order, byte[] Fingerprint)?> OrderOfAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation, params NpgsqlParameter[] parameters)
    {
        var command = new NpgsqlCommand(sql, connection);
        await using var _ = command.ConfigureAwait(false);
        command.Parameters.AddRange(parameters);
        var row = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        await using var __ = row.ConfigureAwait(false);
        if (!await row.ReadAsync(cancellation).ConfigureAwait(false))
        {
            return null;
        }

        string? Text(int column) => row.IsDBNull(column) ? null : row.GetString(column);
        var order = new CallOrder(
            row.GetGuid(0), row.GetString(1), KindOf(row.GetString(2)), Text(3), Text(4), row.GetFieldValue<DateTimeOffset>(5), Enum.Parse<OrderState>(row.GetString(6), ignoreCase: true), Text(7), Text(8), Text(9));
        return (order, row.FieldCount > 10 ? row.GetFieldValue<byte[]>(10) : []);
    }

    private static string Word(OrderKind kind) => kind is OrderKind.HangUp ? "hang-up" : Word<OrderKind>(kind);

    private static OrderKind KindOf(string word) => word is "hang-up" ? OrderKind.HangUp : Enum.Parse<OrderKind>(word, ignoreCase: true);

    private static string Word<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();

    private static NpgsqlParameter Of(string? text) => new() { Value = (object?)text ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };

    private static NpgsqlParameter Of(DateTimeOffset at) => new() { Value = at.UtcDateTime, NpgsqlDbType = NpgsqlDbType.TimestampTz };
}
