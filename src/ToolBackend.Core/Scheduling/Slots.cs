using NodaTime;

namespace ToolBackend.Core.Scheduling;

/// <summary>How long a visit takes, and how long the practitioner is not free after it.</summary>
/// <remarks>
/// <c>Visit</c>: Elapsed time, positive; must lie inside opening hours.<br/>
/// <c>BufferAfter</c>: Elapsed time, zero or more; may run past closing, must not overlap the next booking.
/// </remarks>
public sealed record ServiceRules(Duration Visit, Duration BufferAfter);

/// <summary>
/// Opening hours of one weekday by the clock on the wall. An end of 00:00, or one not after the start, is on the following day,
/// so 09:00-00:00 ends at midnight, 22:00-02:00 is a night shift and 00:00-00:00 the whole day.
/// </summary>
/// <remarks>
/// <c>ValidFrom</c>: First date, inclusive; null is "always was".<br/>
/// <c>ValidUntil</c>: Last date, inclusive; null is "until further notice".
/// </remarks>
public sealed record WeeklyHours(
    IsoDayOfWeek Day, LocalTime Start, LocalTime End, LocalDate? ValidFrom = null, LocalDate? ValidUntil = null)
{
    /// <summary>Whether these hours begin on that date.</summary>
    public bool BeginOn(LocalDate date) =>
        date.DayOfWeek == Day && (ValidFrom is null || date >= ValidFrom) && (ValidUntil is null || date <= ValidUntil);

    /// <summary>The wall-clock times on that date: start, and end (exclusive).</summary>
    public (LocalDateTime Start, LocalDateTime End) On(LocalDate date) =>
        (date + Start, (End > Start ? date : date.PlusDays(1)) + End);
}

/// <remarks>
/// <c>Hours</c>: May overlap or touch: open is the union, so a visit may run across the seam.<br/>
/// <c>Busy</c>: Booked visits including their buffer, and time off. Any order, may overlap, may be open-ended.
/// </remarks>
public sealed record PractitionerCalendar(
    int PractitionerId, string Name, IReadOnlyList<WeeklyHours> Hours, IReadOnlyList<Interval> Busy);

/// <summary>What may be offered and booked at all.</summary>
/// <remarks>
/// <c>MinimumNotice</c>: Elapsed time between now and the earliest start.<br/>
/// <c>HorizonDays</c>: Last bookable date is today (at the place) plus this many days.<br/>
/// <c>Grid</c>: Offered starts are this far apart on the wall clock, counted from the start of the hours. Positive.
/// </remarks>
public sealed record SlotRules(Duration MinimumNotice, int HorizonDays, Duration Grid)
{
    /// <summary>2 hours, 90 days, 15 minutes.</summary>
    public static SlotRules Default { get; } = new(Duration.FromHours(2), 90, Duration.FromMinutes(15));
}

/// <summary>By the wall-clock start: before noon, noon to 5 PM, 5 PM and later.</summary>
public enum PartOfDay
{
    Morning,
    Afternoon,
    Evening,
}

/// <remarks>
/// <c>From</c>: First date at the place, inclusive.<br/>
/// <c>To</c>: Last date, inclusive. Dates beyond today or the horizon are cut off.<br/>
/// <c>NotBefore</c>: Earliest wall-clock start, inclusive.<br/>
/// <c>NotAfter</c>: Latest wall-clock start, inclusive.<br/>
/// <c>Limit</c>: At most so many slots, the earliest ones.
/// </remarks>
public sealed record SlotQuery(
    LocalDate From,
    LocalDate To,
    PartOfDay? Part = null,
    LocalTime? NotBefore = null,
    LocalTime? NotAfter = null,
    int Limit = int.MaxValue)
{
    /// <summary>Whether a visit that starts at this wall-clock time is asked for.</summary>
    public bool Wants(LocalDateTime start) =>
        start.Date >= From && start.Date <= To
        && (Part is null || PartOf(start.TimeOfDay) == Part)
        && (NotBefore is null || start.TimeOfDay >= NotBefore)
        && (NotAfter is null || start.TimeOfDay <= NotAfter);

    public static PartOfDay PartOf(LocalTime time) =>
        time.Hour < 12 ? PartOfDay.Morning : time.Hour < 17 ? PartOfDay.Afternoon : PartOfDay.Evening;
}

/// <remarks>
/// <c>End</c>: End of the visit, without the buffer.
/// </remarks>
public readonly record struct Slot(int PractitionerId, string PractitionerName, Instant Start, Instant End);
