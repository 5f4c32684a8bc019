using System.Text.Json.Serialization;
using NodaTime;

namespace ToolBackend.Core.Shipments;

public enum ShipmentStatus
{
    LabelCreated,
    InTransit,
    OutForDelivery,
    ReadyForPickup,
    Delivered,
    Exception,
    Returned,
}

public static class ShipmentStatuses
{
    /// <summary>The database's word for the status.</summary>
    public static ShipmentStatus Parse(string stored) => stored switch
    {
        "label_created" => ShipmentStatus.LabelCreated,
        "in_transit" => ShipmentStatus.InTransit,
        "out_for_delivery" => ShipmentStatus.OutForDelivery,
        "ready_for_pickup" => ShipmentStatus.ReadyForPickup,
        "delivered" => ShipmentStatus.Delivered,
        "exception" => ShipmentStatus.Exception,
        "returned" => ShipmentStatus.Returned,
        _ => throw new InvalidOperationException($"The database holds the shipment status '{stored}', which this version does not know."),
    };
}

/// <summary>One parcel as a caller may hear of it. Immutable; shared by requests.</summary>
/// <param name="OwnerPhoneHash">Whose it is; compared with the caller's scope, never spoken.</param>
/// <param name="OwnerName">The second fact for callers from another number; never spoken.</param>
public sealed record ShipmentCard(
    string TrackingNumber, string OwnerPhoneHash, string OwnerName, string Sender, ShipmentStatus Status, string City, string TimeZone,
    DateOnly PromisedOn, TimeOnly? WindowStart, TimeOnly? WindowEnd, DateTimeOffset? DeliveredAt, string? SafePlace,
    string? PickupPoint, string? PickupPointHours, string? LastPlace, DateTimeOffset? LastSeen)
{
    [JsonIgnore]
    public DateTimeZone Zone => DateTimeZoneProviders.Tzdb[TimeZone];

    [JsonIgnore]
    public bool IsOpen => Status is not (ShipmentStatus.Delivered or ShipmentStatus.Returned);
}
