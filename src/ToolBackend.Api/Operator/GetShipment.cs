using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using ToolBackend.Core.Data.Model;

namespace ToolBackend.Api.Operator;

/// <summary>A shipment with its history; times carry the offset of the destination.</summary>
public sealed record ShipmentDetail(
    string TrackingNumber,
    [property: Description("label_created, in_transit, out_for_delivery, ready_for_pickup, delivered, exception or returned.")] string Status,
    string Sender,
    ShipmentRecipient Recipient,
    string TimeZone,
    DateOnly PromisedOn,
    TimeOnly? WindowStart,
    TimeOnly? WindowEnd,
    DateTimeOffset? DeliveredAt,
    string? SafePlace,
    string? PickupPoint,
    [property: Description("Newest first, at most 200.")] IReadOnlyList<ShipmentScan> Scans,
    [property: Description("What the recipient asked to change, newest first, at most 200.")] IReadOnlyList<ShipmentChange> Changes);

public sealed record ShipmentRecipient(string Name, string Phone, string City);

public sealed record ShipmentScan(DateTimeOffset At, string Code, string Place);

public sealed record ShipmentChange(DateTimeOffset At, [property: Description("date, safe_place or pickup_point.")] string Kind, DateOnly? NewDate, string? SafePlace, string? PickupPoint, string CallId);

/// <summary><c>GET /shipments/{trackingNumber}</c>.</summary>
internal static class GetShipment
{
    private const int MaxHistory = 200;

    public static RouteHandlerBuilder MapGetShipment(this RouteGroupBuilder operatorApi) => operatorApi
        .MapGet("/shipments/{trackingNumber}", HandleAsync)
        .WithName("getShipment")
        .WithSummary("One shipment with scans and delivery changes.");

    private static async Task<Results<Ok<ShipmentDetail>, ValidationProblem, ProblemHttpResult>> HandleAsync(
        OperatorReads reads,
        [Description("6 to 20 letters and digits; case, spaces and dashes do not matter.")] string trackingNumber,
        CancellationToken aborted)
    {
        var number = new string([.. trackingNumber.Where(c => c is not (' ' or '-'))]).ToUpperInvariant();
        if (number.Length is < 6 or > 20 || !number.All(char.IsAsciiLetterOrDigit))
        {
            var read = new QueryReader();
            read.Refuse("trackingNumber", "6 to 20 letters and digits.");
            return read.Problem();
        }

        var detail = await reads.RunAsync((db, cancellation) => ReadAsync(db, number, cancellation), aborted);
        return detail is null ? TypedResults.Problem("There is no shipment with this tracking number.", statusCode: StatusCodes.Status404NotFound) : TypedResults.Ok(detail);
    }

    private static async Task<ShipmentDetail?> ReadAsync(ToolBackendDb db, string number, CancellationToken cancellation)
    {
        var found = await db.Shipments
            .Where(s => s.TrackingNumber == number)
            .Select(s => new { Shipment = s, s.Customer.Name, s.Customer.Phone, Point = s.PickupPoint!.Name })
            .SingleOrDefaultAsync(cancellation);
        if (found is null)
        {
            return null;
        }

        var shipment = found.Shipment;
        var scans = await db.ScanEvents
            .Where(e => e.ShipmentId == shipment.ShipmentId)
            .OrderByDescending(e => e.ScannedAt).ThenByDescending(e => e.ScanEventId).Take(MaxHistory)
            .ToListAsync(cancellation);
        var changes = await db.DeliveryChanges
            .Where(c => c.ShipmentId == shipment.ShipmentId)
            .OrderByDescending(c => c.CreatedAt).ThenByDescending(c => c.DeliveryChangeId).Take(MaxHistory)
            .Select(c => new { Change = c, Point = c.PickupPoint!.Name })
            .ToListAsync(cancellation);

        var zone = shipment.TimeZone;
        return new ShipmentDetail(
            shipment.TrackingNumber, shipment.Status, shipment.SenderName, new(found.Name, found.Phone, shipment.DestinationCity), zone,
            shipment.PromisedOn, shipment.WindowStart, shipment.WindowEnd, shipment.DeliveredAt?.In(zone), shipment.SafePlace, found.Point,
            [.. scans.Select(e => new ShipmentScan(e.ScannedAt.In(zone), e.Code, e.Place))],
            [.. changes.Select(c => new ShipmentChange(c.Change.CreatedAt.In(zone), c.Change.Kind, c.Change.NewDate, c.Change.SafePlace, c.Point, c.Change.AskedInCall))]);
    }
}
