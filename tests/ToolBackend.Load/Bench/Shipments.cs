using System.Text;
using Npgsql;
using ToolBackend.Load.Children;
using ToolBackend.Load.Driver;

namespace ToolBackend.Load.Bench;

/// <summary>Tracking numbers with their owners, and the reads made of them.</summary>
internal sealed class Shipments(NpgsqlDataSource database, ServerProcess server, WebhookRequests requests, IReadOnlyList<(string Number, string Phone)> parcels)
{
    private const int ReadBody = 2_000;

    // Own parcels of a few callers over and over; as many as stay fresh in memory.
    private const int Cached = 32;

    private int _used = Cached;

    /// <param name="atMost">So many, from all over the table, in random order.</param>
    public static async Task<IReadOnlyList<(string Number, string Phone)>> SampleAsync(NpgsqlDataSource database, int atMost, int seed, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var command = new NpgsqlCommand(
            $"""
            set seed = {(seed % 1000) / 1000.0:0.000};
            with span as (select min(shipment_id) as first, max(shipment_id) as last from shipment),
            picked as (select distinct (first + floor(random() * (last - first + 1)))::bigint as shipment_id from span, generate_series(1, $1 * 3))
            select tracking_number, phone from picked join shipment using (shipment_id) join customer using (customer_id) order by random() limit $1
            """.Replace("$1", $"{atMost}", StringComparison.Ordinal), connection) { CommandTimeout = 120 };
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var parcels = new List<(string, string)>(atMost);
        while (await row.ReadAsync(cancellation))
        {
            parcels.Add((row.GetString(0), row.GetString(1)));
        }

        return parcels;
    }

    public Workload CachedReads(int bodyBytes)
    {
        var bodies = parcels.Take(Cached).Select((parcel, i) => Track(parcel, $"cached{i:D4}", i, bodyBytes)).ToArray();
        return new Workload(server.Port, n => bodies[n % bodies.Length], Judge);
    }

    /// <summary>The same bytes for the yardstick.</summary>
    public Workload Baseline(int port, int bodyBytes) => CachedReads(bodyBytes) with { Port = port, Judge = static _ => Verdict.AsExpected };

    /// <summary>Each request another parcel; all tiers are emptied first. Ends early when every parcel was asked for.</summary>
    public async Task<Workload> UncachedReadsAsync(CancellationToken cancellation)
    {
        if (_used + 2000 > parcels.Count)
        {
            _used = 0;
        }

        await using (var announce = database.CreateCommand("""
            with marked as (update cache_epoch set epoch = pg_current_xact_id()::text::bigint returning epoch)
            select pg_notify('toolbackend_changes', epoch || ' all') from marked
            """))
        {
            await announce.ExecuteNonQueryAsync(cancellation);
        }

        // The message has to arrive.
        await Task.Delay(TimeSpan.FromMilliseconds(250), cancellation);
        var first = _used;
        return new Workload(server.Port, n =>
        {
            var at = first + (int)n;
            _used = Math.Max(_used, at + 1);
            return at < parcels.Count ? Track(parcels[at], $"miss{at:D6}", at, ReadBody) : null;
        }, Judge);
    }

    private byte[] Track((string Number, string Phone) parcel, string id, int number, int bodyBytes) =>
        requests.ToolCall(id, number, "track_shipment", $$"""{"trackingNumber":"{{parcel.Number}}"}""", parcel.Phone, bodyBytes);

    private static Verdict Judge(ReadOnlySpan<byte> body) => body.IndexOf("The parcel from "u8) >= 0 ? Verdict.AsExpected : Verdict.Wrong;
}
