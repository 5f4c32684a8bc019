using NpgsqlTypes;

namespace ToolBackend.Core.Data.Model;

// Rows of db/migrations/0001_scheduling.sql, which says what each column means. Bounds of a range are DateTime of kind Utc:
// the provider reads tstzrange as nothing else, and refuses to write another kind.

public sealed class LocationRow
{
    public int LocationId { get; set; }
    public required string Name { get; set; }

    /// <summary>IANA name, such as America/Los_Angeles.</summary>
    public required string TimeZone { get; set; }
    public string Address { get; set; } = "";
    public ICollection<PractitionerRow> Practitioners { get; } = [];
}

public sealed class PractitionerRow
{
    public int PractitionerId { get; set; }
    public int LocationId { get; set; }
    public required string Name { get; set; }
    public bool Active { get; set; } = true;
    public LocationRow Location { get; set; } = null!;
    public ICollection<PractitionerServiceRow> Services { get; } = [];
    public ICollection<WeeklyScheduleRow> Schedules { get; } = [];
}

public sealed class ServiceRow
{
    public int ServiceId { get; set; }
    public required string Name { get; set; }
    public int DurationMinutes { get; set; }
    public int BufferMinutes { get; set; }
    public bool Active { get; set; } = true;
}

public sealed class PractitionerServiceRow
{
    public int PractitionerId { get; set; }
    public int ServiceId { get; set; }
    public PractitionerRow Practitioner { get; set; } = null!;
    public ServiceRow Service { get; set; } = null!;
}

public sealed class WeeklyScheduleRow
{
    public int WeeklyScheduleId { get; set; }
    public int PractitionerId { get; set; }

    /// <summary>ISO: 1 is Monday, 7 is Sunday.</summary>
    public short DayOfWeek { get; set; }
    public TimeOnly Starts { get; set; }

    /// <summary>00:00 means the end of the day.</summary>
    public TimeOnly Ends { get; set; }
    public DateOnly? ValidFrom { get; set; }
    public DateOnly? ValidUntil { get; set; }
    public PractitionerRow Practitioner { get; set; } = null!;
}

public sealed class TimeOffRow
{
    public int TimeOffId { get; set; }
    public int LocationId { get; set; }

    /// <summary>Null: the whole location is closed.</summary>
    public int? PractitionerId { get; set; }
    public NpgsqlRange<DateTime> During { get; set; }
    public string Reason { get; set; } = "";
    public LocationRow Location { get; set; } = null!;
    public PractitionerRow? Practitioner { get; set; }
}

public sealed class CustomerRow
{
    public long CustomerId { get; set; }

    /// <summary>E.164. Personal: never in a log line.</summary>
    public required string Phone { get; set; }
    public required string Name { get; set; }
    public DateTimeOffset CreatedAt { get; set; }
}

public sealed class AppointmentRow
{
    public long AppointmentId { get; set; }
    public required string Reference { get; set; }
    public long CustomerId { get; set; }
    public int PractitionerId { get; set; }

    /// <summary>Always the practitioner's own location: a composite key sees to it.</summary>
    public int LocationId { get; set; }
    public int ServiceId { get; set; }

    /// <summary>What the caller hears, half open, UTC.</summary>
    public NpgsqlRange<DateTime> Visit { get; set; }

    /// <summary>The visit and its buffer: what nobody else may overlap.</summary>
    public NpgsqlRange<DateTime> Occupied { get; set; }

    /// <summary>booked, cancelled, completed or no_show.</summary>
    public string Status { get; set; } = "booked";
    public DateTimeOffset CreatedAt { get; set; }
    public DateTimeOffset UpdatedAt { get; set; }

    /// <summary>Set exactly when <see cref="Status"/> is cancelled.</summary>
    public DateTimeOffset? CancelledAt { get; set; }
    public string? BookedInCall { get; set; }
    public CustomerRow Customer { get; set; } = null!;
    public PractitionerRow Practitioner { get; set; } = null!;

    /// <summary>That this practitioner offers this service: the service itself is <c>Offer.Service</c>.</summary>
    public PractitionerServiceRow Offer { get; set; } = null!;
}
