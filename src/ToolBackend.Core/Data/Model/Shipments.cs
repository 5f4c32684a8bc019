namespace ToolBackend.Core.Data.Model;

// Rows of db/migrations/0002_shipments.sql, which says what each column means.

public sealed class PickupPointRow
{
    public int PickupPointId { get; set; }
    public required string Name { get; set; }
    public required string Address { get; set; }
    public required string City { get; set; }

    /// <summary>As it is said to a caller.</summary>
    public string OpeningHours { get; set; } = "";
    public bool Active { get; set; } = true;
}

public sealed class ShipmentRow
{
    public long ShipmentId { get; set; }
    public required string TrackingNumber { get; set; }

    /// <summary>The recipient.</summary>
    public long CustomerId { get; set; }
    public required string SenderName { get; set; }

    /// <summary>label_created, in_transit, out_for_delivery, ready_for_pickup, delivered, exception or returned.</summary>
    public required string Status { get; set; }
    public required string DestinationCity { get; set; }

    /// <summary>IANA name, of the destination.</summary>
    public required string TimeZone { get; set; }
    public DateOnly PromisedOn { get; set; }
    public TimeOnly? WindowStart { get; set; }
    public TimeOnly? WindowEnd { get; set; }

    /// <summary>Set exactly when <see cref="Status"/> is delivered.</summary>
    public DateTimeOffset? DeliveredAt { get; set; }
    public string? SafePlace { get; set; }
    public int? PickupPointId { get; set; }
    public DateTimeOffset CreatedAt { get; set; }
    public DateTimeOffset UpdatedAt { get; set; }
    public CustomerRow Customer { get; set; } = null!;
    public PickupPointRow? PickupPoint { get; set; }
    public ICollection<ScanEventRow> Scans { get; } = [];
}

public sealed class ScanEventRow
{
    public long ScanEventId { get; set; }
    public long ShipmentId { get; set; }
    public DateTimeOffset ScannedAt { get; set; }

    /// <summary>accepted, departed, arrived, out_for_delivery, attempted, held, delivered or returned.</summary>
    public required string Code { get; set; }
    public required string Place { get; set; }
    public ShipmentRow Shipment { get; set; } = null!;
}

public sealed class DeliveryChangeRow
{
    public long DeliveryChangeId { get; set; }
    public long ShipmentId { get; set; }

    /// <summary>date, safe_place or pickup_point; the column of that kind is set, the others are null.</summary>
    public required string Kind { get; set; }
    public DateOnly? NewDate { get; set; }
    public string? SafePlace { get; set; }
    public int? PickupPointId { get; set; }
    public required string AskedInCall { get; set; }
    public DateTimeOffset CreatedAt { get; set; }
    public ShipmentRow Shipment { get; set; } = null!;
    public PickupPointRow? PickupPoint { get; set; }
}
