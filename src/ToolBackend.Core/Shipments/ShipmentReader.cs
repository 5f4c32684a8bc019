using Npgsql;
using NpgsqlTypes;
using ToolBackend.Core.Caching;
using ToolBackend.Core.Customers;
using ToolBackend.Core.Data;

namespace ToolBackend.Core.Shipments;

/// <summary>Reads one parcel through the cache.</summary>
public sealed class ShipmentReader(Database database, ReadThroughCache cache)
{
    private const string Sql = """
        select pg_snapshot_xmin(pg_current_snapshot())::text::bigint, s.tracking_number, phone_hash(c.phone), c.name, s.sender_name, s.status, s.destination_city,
               s.time_zone, s.promised_on, s.window_start, s.window_end, s.delivered_at, s.safe_place, p.name, p.opening_hours, e.place, e.scanned_at
        from (select 1) one
          left join shipment s on s.tracking_number = $1
          left join customer c on c.customer_id = s.customer_id
          left join pickup_point p on p.pickup_point_id = s.pickup_point_id
          left join lateral (select place, scanned_at from scan_event where shipment_id = s.shipment_id order by scanned_at desc limit 1) e on true
        """;

    private CacheKind<ShipmentCard>? _kind;

    /// <summary>The cache key that the database's notifications use for a shipment.</summary>
    public static string KeyOf(string trackingNumber) => "shipment:" + trackingNumber;

    /// <summary>The parcel, whoever's it is: the caller of this method checks the scope.</summary>
    /// <param name="trackingNumber">Normalised: capital letters and digits.</param>
    public ValueTask<Cached<ShipmentCard>> GetAsync(string trackingNumber) =>
        cache.GetAsync(_kind ??= new("shipment", CardJson.Default.ShipmentCard, (id, cancellation) => database.ReadAsync((c, ct) => LoadAsync(c, id, ct), cancellation)), trackingNumber);

    private static async Task<Versioned<ShipmentCard>> LoadAsync(NpgsqlConnection connection, string trackingNumber, CancellationToken cancellation)
    {
        var command = new NpgsqlCommand(Sql, connection) { Parameters = { new() { Value = trackingNumber, NpgsqlDbType = NpgsqlDbType.Text } } };
        await using var _ = command.ConfigureAwait(false);
        var row = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        await using var __ = row.ConfigureAwait(false);
        await row.ReadAsync(cancellation).ConfigureAwait(false);
        var version = row.GetInt64(0);
        if (await row.IsDBNullAsync(1, cancellation).ConfigureAwait(false))
        {
            return new(null, version);
        }

        return new(
            new ShipmentCard(
                row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4), ShipmentStatuses.Parse(row.GetString(5)), row.GetString(6), row.GetString(7),
                row.GetFieldValue<DateOnly>(8), Optional<TimeOnly>(row, 9), Optional<TimeOnly>(row, 10), Optional<DateTime>(row, 11),
                Text(row, 12), Text(row, 13), Text(row, 14), Text(row, 15), Optional<DateTime>(row, 16)),
            version);
    }

    private static T? Optional<T>(NpgsqlDataReader row, int column) where T : struct => row.IsDBNull(column) ? null : row.GetFieldValue<T>(column);

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
