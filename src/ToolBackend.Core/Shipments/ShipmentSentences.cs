using NodaTime;
using ToolBackend.Core.Customers;
using ToolBackend.Core.Speech;

namespace ToolBackend.Core.Shipments;

/// <summary>Where a parcel is, as one would say it.</summary>
public static class ShipmentSentences
{
    /// <summary>One sentence or two about one parcel.</summary>
    public static string Full(ShipmentCard card, Instant now)
    {
        var today = now.InZone(card.Zone).Date;
        var from = $"The parcel from {card.Sender}";
        var due = Phrases.Day(LocalDate.FromDateOnly(card.PromisedOn), today);
        return card.Status switch
        {
            ShipmentStatus.LabelCreated => $"{from} has been announced, but we have not received it yet. It is due {due}.",
            ShipmentStatus.InTransit => $"{from} is on its way to {card.City}{LastSeen(card, now)}. It is due {due}{Window(card)}.{Destination(card)}",
            ShipmentStatus.OutForDelivery => $"{from} is out for delivery in {card.City}. It should arrive {due}{Window(card)}.{Destination(card)}",
            ShipmentStatus.ReadyForPickup => $"{from} is ready to be picked up at {card.PickupPoint ?? card.LastPlace ?? card.City}{OpenHours(card)}.",
            ShipmentStatus.Delivered => $"{from} was delivered {Phrases.DayAndTime(Instant.FromDateTimeOffset(card.DeliveredAt!.Value), card.Zone, now)}{(card.SafePlace is null ? "" : $" and left at {card.SafePlace}")}.",
            ShipmentStatus.Exception => $"{from} is delayed{LastSeen(card, now)}. The new estimate is {due}. Apologize for the delay.",
            ShipmentStatus.Returned => $"{from} was sent back to the sender. The caller should contact {card.Sender}.",
            _ => throw new InvalidOperationException("ShipmentStatus is closed."),
        };
    }

    /// <summary>"one from Northwind Books, due tomorrow": part of a list.</summary>
    public static string Line(ShipmentLine line, Instant now)
    {
        var today = now.InZone(DateTimeZoneProviders.Tzdb[line.TimeZone]).Date;
        var due = Phrases.Day(LocalDate.FromDateOnly(line.PromisedOn), today);
        return $"one from {line.Sender}, " + line.Status switch
        {
            ShipmentStatus.ReadyForPickup => "ready to be picked up",
            ShipmentStatus.OutForDelivery => "out for delivery now",
            ShipmentStatus.Delivered => "already delivered",
            ShipmentStatus.Returned => "sent back",
            ShipmentStatus.Exception => $"delayed until {due}",
            _ => $"due {due}",
        };
    }

    private static string LastSeen(ShipmentCard card, Instant now) =>
        card is { LastPlace: { } place, LastSeen: { } at } ? $", last seen in {place} {Phrases.DayAndTime(Instant.FromDateTimeOffset(at), card.Zone, now)}" : "";

    private static string Window(ShipmentCard card) => card is { WindowStart: { } start, WindowEnd: { } end }
        ? $" between {Phrases.Time(LocalTime.FromTimeOnly(start))} and {Phrases.Time(LocalTime.FromTimeOnly(end))}"
        : "";

    private static string Destination(ShipmentCard card) => card switch
    {
        { SafePlace: { } place } => $" It will be left at {place}.",
        { PickupPoint: { } point } => $" It will go to the pick-up point {point}.",
        _ => "",
    };

    private static string OpenHours(ShipmentCard card) => string.IsNullOrEmpty(card.PickupPointHours) ? "" : $", open {card.PickupPointHours}";
}
