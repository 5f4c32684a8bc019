using Npgsql;
using NpgsqlTypes;
using ToolBackend.Core.Caching;
using ToolBackend.Core.Calls;
using ToolBackend.Core.Data;
using ToolBackend.Core.Shipments;

namespace ToolBackend.Core.Customers;

/// <summary>Reads a caller's own card through the cache.</summary>
public sealed class CustomerReader(Database database, ReadThroughCache cache)
{
    private CacheKind<CustomerCard>? _kind;

    /// <summary>The cache key that the database's notifications use for a customer.</summary>
    public static string KeyOf(string phoneHash) => "customer:" + phoneHash;

    /// <summary>The card of the verified number; a null value when the number is unknown or withheld.</summary>
    public ValueTask<Cached<CustomerCard>> GetAsync(CallerScope scope) => scope.PhoneHash is { } hash
        ? cache.GetAsync(_kind ??= new("customer", CardJson.Default.CustomerCard, (id, cancellation) => database.ReadAsync((c, ct) => LoadAsync(c, id, ct), cancellation)), hash)
        : ValueTask.FromResult(default(Cached<CustomerCard>));

    private static async Task<Versioned<CustomerCard>> LoadAsync(NpgsqlConnection connection, string phoneHash, CancellationToken cancellation)
    {
        NpgsqlParameter Hash() => new() { Value = phoneHash, NpgsqlDbType = NpgsqlDbType.Text };
        var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                // The first statement's snapshot is the oldest of the three, so its xmin holds for all.
                new("""
                    select pg_snapshot_xmin(pg_current_snapshot())::text::bigint, c.customer_id, c.name
                    from (select 1) one left join customer c on phone_hash(c.phone) = $1
                    """) { Parameters = { Hash() } },
                new("""
                    select a.appointment_id, a.reference, a.visit, s.name, p.name, a.practitioner_id, a.service_id, l.time_zone, a.status = 'cancelled'
                    from customer c join appointment a using (customer_id) join service s using (service_id)
                      join practitioner p on p.practitioner_id = a.practitioner_id join location l on l.location_id = a.location_id
                    where phone_hash(c.phone) = $1 and lower(a.visit) > now() - interval '12 hours' and upper(a.visit) > now()
                      and (a.status = 'booked' or (a.status = 'cancelled' and a.cancelled_at > now() - interval '1 hour'))
                    order by lower(a.visit) limit 20
                    """) { Parameters = { Hash() } },
                new("""
                    select tracking_number, sender_name, status, promised_on, time_zone
                    from customer c join shipment s using (customer_id)
                    where phone_hash(c.phone) = $1 and (s.status not in ('delivered', 'returned') or s.updated_at > now() - interval '7 days')
                    order by s.status in ('delivered', 'returned'), s.promised_on, s.shipment_id limit 20
                    """) { Parameters = { Hash() } },
            },
        };
        await using var _ = batch.ConfigureAwait(false);
        var row = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        await using var __ = row.ConfigureAwait(false);

        await row.ReadAsync(cancellation).ConfigureAwait(false);
        var version = row.GetInt64(0);
        if (await row.IsDBNullAsync(1, cancellation).ConfigureAwait(false))
        {
            return new(null, version);
        }

        var (customerId, name) = (row.GetInt64(1), row.GetString(2));
        await row.NextResultAsync(cancellation).ConfigureAwait(false);

        var appointments = new List<AppointmentLine>();
        while (await row.ReadAsync(cancellation).ConfigureAwait(false))
        {
            var visit = row.GetFieldValue<NpgsqlRange<DateTime>>(2);
            appointments.Add(new(row.GetInt64(0), row.GetString(1), new DateTimeOffset(visit.LowerBound), new DateTimeOffset(visit.UpperBound), row.GetString(3), row.GetString(4), row.GetInt32(5), row.GetInt32(6), row.GetString(7), row.GetBoolean(8)));
        }

        await row.NextResultAsync(cancellation).ConfigureAwait(false);
        var shipments = new List<ShipmentLine>();
        while (await row.ReadAsync(cancellation).ConfigureAwait(false))
        {
            shipments.Add(new(row.GetString(0), row.GetString(1), ShipmentStatuses.Parse(row.GetString(2)), row.GetFieldValue<DateOnly>(3), row.GetString(4)));
        }

        return new(new CustomerCard(customerId, name, appointments, shipments), version);
    }
}
