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
        var promised = LocalDate.FromDateOnly(card.PromisedOn);
        var late = promised < today;
        var due = Phrases.OnDay(promised, today);
        return card.Status switch
        {
            ShipmentStatus.LabelCreated => $"{from} has been announced, but we have not received it yet. {Due(promised, today)}.",
            ShipmentStatus.InTransit => $"{from} is on its way to {card.City}{LastSeen(card, now)}. {Due(promised, today)}{(late ? "" : Window(card))}.{Destination(card)}",
            ShipmentStatus.OutForDelivery => $"{from} is out for delivery in {card.City}. It should arrive {(late ? "today" : due)}{Window(card)}.{Destination(card)}",
            ShipmentStatus.ReadyForPickup => $"{from} is ready to be picked up at {card.PickupPoint ?? card.LastPlace ?? card.City}{OpenHours(card)}.",
            ShipmentStatus.Delivered => $"{from} was delivered {Phrases.OnDayAndTime(Instant.FromDateTimeOffset(card.DeliveredAt!.Value), card.Zone, now)}{(card.SafePlace is null ? "" : $" and left {AtPlace(card.SafePlace)}")}.",
            ShipmentStatus.Exception => $"{from} is delayed{LastSeen(card, now)}. {(late ? $"It was due {due}, and there is no new date yet" : $"The new estimate is {Phrases.Day(promised, today)}")}. Apologize for the delay.",
            ShipmentStatus.Returned => $"{from} was sent back to the sender. The caller should contact {card.Sender}.",
            _ => throw new InvalidOperationException("ShipmentStatus is closed."),
        };
    }

    /// <summary>"one from Northwind Books, due tomorrow": part of a list.</summary>
    public static string Line(ShipmentLine line, Instant now) => "one " + FromWhom(line, now);

    /// <summary>"from Northwind Books, due tomorrow".</summary>
    public static string FromWhom(ShipmentLine line, Instant now)
    {
        var today = now.InZone(DateTimeZoneProviders.Tzdb[line.TimeZone]).Date;
        var promised = LocalDate.FromDateOnly(line.PromisedOn);
        var late = promised < today;
        var due = Phrases.OnDay(promised, today);
        return $"from {line.Sender}, " + line.Status switch
        {
            ShipmentStatus.ReadyForPickup => "ready to be picked up",
            ShipmentStatus.OutForDelivery => "out for delivery now",
            ShipmentStatus.Delivered => "already delivered",
            ShipmentStatus.Returned => "sent back",
            ShipmentStatus.Exception => late ? "delayed" : $"delayed until {Phrases.Day(promised, today)}",
            _ => late ? $"which was due {due}" : $"due {due}",
        };
    }

    private static string LastSeen(ShipmentCard card, Instant now) =>
        card is { LastPlace: { } place, LastSeen: { } at } ? $", last seen in {place} {Phrases.OnDayAndTime(Instant.FromDateTimeOffset(at), card.Zone, now)}" : "";

    private static string Window(ShipmentCard card) => card is { WindowStart: { } start, WindowEnd: { } end }
        ? $" between {Phrases.Time(LocalTime.FromTimeOnly(start))} and {Phrases.Time(LocalTime.FromTimeOnly(end))}"
        : "";

    private static string Destination(ShipmentCard card) => card switch
    {
        { SafePlace: { } place } => $" It will be left {AtPlace(place)}.",
        { PickupPoint: { } point } => $" It will go to the pick-up point {point}.",
        _ => "",
    };

    /// <summary>Where to leave it in the caller's words, after "left": "behind the shed", "at the front porch", "at your side door".</summary>
    public static string AtPlace(string place)
    {
        string[] prepositions = ["at", "in", "on", "by", "to", "with", "behind", "under", "near", "next", "beside", "inside", "outside", "over", "above", "below", "between", "around", "where"];
        string[] articles = ["the", "a", "an", "your", "his", "her", "our", "their"];
        var said = place.StartsWith("my ", StringComparison.OrdinalIgnoreCase) ? "your " + place[3..] : place;
        var first = said.Split(' ', 2)[0];
        return prepositions.Contains(first, StringComparer.OrdinalIgnoreCase) ? Nouns.Inside(said).Replace(" my ", " your ", StringComparison.OrdinalIgnoreCase)
            : articles.Contains(first, StringComparer.OrdinalIgnoreCase) ? "at " + Nouns.Inside(said)
            : char.IsLower(said[0]) ? "at the " + said
            : "at " + said;
    }

    private static string Due(LocalDate promised, LocalDate today) => $"It {(promised < today ? "was" : "is")} due {Phrases.OnDay(promised, today)}";

    private static string OpenHours(ShipmentCard card) => string.IsNullOrEmpty(card.PickupPointHours) ? "" : $", open {card.PickupPointHours}";
}
