using Npgsql;
using NpgsqlTypes;

namespace ToolBackend.Core.Data.Seeding;

internal readonly record struct GeneratedScan(long ShipmentId, DateTimeOffset At, string Code, string Place);

/// <summary>Parcels of the last year, nearly all of them delivered, as a carrier's table looks.</summary>
internal sealed class GeneratedShipments(Random random, DateTimeOffset now, long firstCustomer, long customers)
{
    public const string Target = "shipment (shipment_id, tracking_number, customer_id, sender_name, status, destination_city, time_zone, promised_on, "
        + "window_start, window_end, delivered_at, safe_place, created_at, updated_at)";

    public const string ScanTarget = "scan_event (shipment_id, scanned_at, code, place)";

    /// <summary>Writes one shipment and adds its one to four scans to <paramref name="scans"/>.</summary>
    public void Write(NpgsqlBinaryImporter row, long shipmentId, List<GeneratedScan> scans)
    {
        var (city, zone) = GeneratedWords.Pick(random, GeneratedWords.Cities);
        var created = now.AddMinutes(-random.Next(10, 365 * 24 * 60));
        var promised = DateOnly.FromDateTime(created.UtcDateTime).AddDays(random.Next(2, 6));
        var status = StatusOf(created, promised);
        // Sixteen to midnight UTC is daytime in every zone of the list.
        var delivered = new DateTimeOffset(promised.ToDateTime(new TimeOnly(16, 0)), TimeSpan.Zero).AddMinutes(random.Next(0, 480));
        delivered = delivered > now ? now : delivered;
        var isDelivered = status == "delivered";
        var hasWindow = random.Next(3) == 0;
        var opens = new TimeOnly(random.Next(8, 17), 0);

        row.StartRow();
        row.Write(shipmentId, NpgsqlDbType.Bigint);
        row.Write(GeneratedCodes.TrackingNumber(shipmentId), NpgsqlDbType.Text);
        row.Write(firstCustomer + random.NextInt64(customers), NpgsqlDbType.Bigint);
        row.Write(GeneratedWords.Pick(random, GeneratedWords.Senders), NpgsqlDbType.Text);
        row.Write(status, NpgsqlDbType.Text);
        row.Write(city, NpgsqlDbType.Text);
        row.Write(zone, NpgsqlDbType.Text);
        row.Write(promised, NpgsqlDbType.Date);
        WriteOrNull(row, hasWindow, opens, NpgsqlDbType.Time);
        WriteOrNull(row, hasWindow, opens.AddHours(4), NpgsqlDbType.Time);
        WriteOrNull(row, isDelivered, delivered, NpgsqlDbType.TimestampTz);
        WriteOrNull(row, random.Next(20) == 0, GeneratedWords.Pick(random, GeneratedWords.SafePlaces), NpgsqlDbType.Text);
        row.Write(created, NpgsqlDbType.TimestampTz);
        row.Write(isDelivered ? delivered : created, NpgsqlDbType.TimestampTz);

        AddScans(shipmentId, city, status, created, isDelivered ? delivered : now, scans);
    }

    public static void Write(NpgsqlBinaryImporter row, in GeneratedScan scan)
    {
        row.StartRow();
        row.Write(scan.ShipmentId, NpgsqlDbType.Bigint);
        row.Write(scan.At, NpgsqlDbType.TimestampTz);
        row.Write(scan.Code, NpgsqlDbType.Text);
        row.Write(scan.Place, NpgsqlDbType.Text);
    }

    private string StatusOf(DateTimeOffset created, DateOnly promised)
    {
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        var dice = random.Next(1000);
        if (promised < today)
        {
            return dice switch { < 960 => "delivered", < 980 => "returned", < 992 => "exception", _ => "ready_for_pickup" };
        }
        if (promised == today)
        {
            return dice < 700 ? "out_for_delivery" : "in_transit";
        }
        return now - created < TimeSpan.FromHours(12) ? "label_created" : dice < 980 ? "in_transit" : "exception";
    }

    // Two scans on average: where it began and where it stands, sometimes something between.
    private void AddScans(long shipmentId, string city, string status, DateTimeOffset from, DateTimeOffset until, List<GeneratedScan> scans)
    {
        var origin = GeneratedWords.Pick(random, GeneratedWords.Cities).City;
        scans.Add(new(shipmentId, from, "accepted", origin));
        var step = (until - from) / 4;
        if (status != "label_created" && random.Next(4) == 0)
        {
            scans.Add(new(shipmentId, from + step, "departed", $"{origin} hub"));
        }
        if (status == "in_transit" || random.Next(8) == 0)
        {
            scans.Add(new(shipmentId, from + (2 * step), "arrived", $"{city} hub"));
        }
        var last = status switch
        {
            "delivered" => "delivered",
            "returned" => "returned",
            "out_for_delivery" => "out_for_delivery",
            "exception" or "ready_for_pickup" => "held",
            _ => null,
        };
        if (last is not null)
        {
            scans.Add(new(shipmentId, last == "delivered" ? until : from + (3 * step), last, city));
        }
    }

    private static void WriteOrNull<T>(NpgsqlBinaryImporter row, bool present, T value, NpgsqlDbType type)
    {
        if (present)
        {
            row.Write(value, type);
        }
        else
        {
            row.WriteNull();
        }
    }
}
