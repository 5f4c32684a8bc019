using NpgsqlTypes;

namespace ToolBackend.Core.Data.Model;

// Rows of db/migrations/0003_calls_and_tools.sql, which says what each column means.

public sealed class PhoneLineRow
{
    public required string Number { get; set; }
    public int? LocationId { get; set; }
    public string? AssistantId { get; set; }
    public string? SquadId { get; set; }
    public LocationRow? Location { get; set; }
}

public sealed class DeskRow
{
    public int DeskId { get; set; }
    public required string Name { get; set; }
    public required string Number { get; set; }
    public string[] Skills { get; set; } = [];

    /// <summary>IANA name: the zone of its <see cref="Hours"/>.</summary>
    public required string TimeZone { get; set; }

    /// <summary>The lowest goes first.</summary>
    public int Priority { get; set; } = 100;
    public bool Active { get; set; } = true;
    public ICollection<DeskHoursRow> Hours { get; } = [];
}

public sealed class DeskHoursRow
{
    public int DeskId { get; set; }

    /// <summary>ISO: 1 is Monday, 7 is Sunday.</summary>
    public short DayOfWeek { get; set; }
    public TimeOnly Opens { get; set; }

    /// <summary>00:00 means the end of the day.</summary>
    public TimeOnly Closes { get; set; }
    public DeskRow Desk { get; set; } = null!;
}

public sealed class ToolCallLedgerRow
{
    public required string CallId { get; set; }
    public required string ToolCallId { get; set; }
    public required string Tool { get; set; }

    /// <summary>32 bytes: a hash of what was asked.</summary>
    public required byte[] Fingerprint { get; set; }

    /// <summary>Null, like <see cref="Result"/> and <see cref="Failed"/>, until the work is done.</summary>
    public string? Outcome { get; set; }
    public string? Result { get; set; }
    public bool? Failed { get; set; }
    public DateTimeOffset CreatedAt { get; set; }
    public DateTimeOffset ExpiresAt { get; set; }
}

public sealed class PendingConfirmationRow
{
    public required string CallId { get; set; }
    public long AppointmentId { get; set; }

    /// <summary>cancel or reschedule.</summary>
    public required string Action { get; set; }
    public int? PractitionerId { get; set; }
    public NpgsqlRange<DateTime>? Visit { get; set; }
    public required string AskedIn { get; set; }
    public DateTimeOffset ExpiresAt { get; set; }
    public AppointmentRow Appointment { get; set; } = null!;
}

public sealed class ToolInvocationRow
{
    /// <summary>Version 7: ordered by time.</summary>
    public Guid ToolInvocationId { get; set; }
    public DateTimeOffset At { get; set; }
    public required string CallId { get; set; }
    public required string ToolCallId { get; set; }
    public required string Tool { get; set; }
    public required string Outcome { get; set; }
    public bool Failed { get; set; }

    /// <summary>none, memory, redis, database or stale.</summary>
    public required string Source { get; set; }

    /// <summary>Milliseconds.</summary>
    public float DurationMs { get; set; }
    public string? CallerHash { get; set; }
}
