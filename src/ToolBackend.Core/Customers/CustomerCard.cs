using System.Text.Json.Serialization;
using NodaTime;
using ToolBackend.Core.Shipments;

namespace ToolBackend.Core.Customers;

/// <summary>What a call about one's own things needs: upcoming appointments, open and recent parcels. Immutable; shared by requests.</summary>
/// <param name="Appointments">Booked and not yet over, or cancelled within the last hour; earliest first, at most 20.</param>
/// <param name="Shipments">Open or delivered within a week, soonest promise first, at most 20.</param>
public sealed record CustomerCard(
    long CustomerId, string Name, IReadOnlyList<AppointmentLine> Appointments, IReadOnlyList<ShipmentLine> Shipments)
{
    [JsonIgnore]
    public IEnumerable<AppointmentLine> Booked => Appointments.Where(a => !a.Cancelled);

    /// <summary>What to call them: the first word of the name.</summary>
    [JsonIgnore]
    public string FirstName => Name.Split(' ', 2)[0];
}

/// <param name="Reference">As stored: capital letters and digits.</param>
public sealed record AppointmentLine(
    long AppointmentId, string Reference, DateTimeOffset Starts, DateTimeOffset Ends, string Service, string Practitioner, int PractitionerId, int ServiceId, string TimeZone, bool Cancelled)
{
    [JsonIgnore]
    public Instant Start => Instant.FromDateTimeOffset(Starts);

    [JsonIgnore]
    public DateTimeZone Zone => DateTimeZoneProviders.Tzdb[TimeZone];
}

public sealed record ShipmentLine(string TrackingNumber, string Sender, ShipmentStatus Status, DateOnly PromisedOn, string TimeZone);

[JsonSourceGenerationOptions(UseStringEnumConverter = true)]
[JsonSerializable(typeof(CustomerCard))]
[JsonSerializable(typeof(ShipmentCard))]
internal sealed partial class CardJson : JsonSerializerContext;
