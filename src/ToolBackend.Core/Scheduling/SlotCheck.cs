using NodaTime;

namespace ToolBackend.Core.Scheduling;

/// <summary>Whether one asked time can be booked, and if not, the facts for a sentence that says why. A closed set.</summary>
public abstract record SlotCheck
{
    private SlotCheck()
    {
    }

    public sealed record Fits(Slot Slot) : SlotCheck;

    /// <summary>The visit does not lie within hours.</summary>
    /// <remarks>
    /// <c>Hours</c>: The practitioner's hours on that date by the wall clock, in order; empty when closed all day.
    /// </remarks>
    public sealed record OutsideHours(LocalDateTime Start, IReadOnlyList<(LocalTime Start, LocalTime End)> Hours) : SlotCheck;

    /// <remarks>
    /// <c>Earliest</c>: First instant that gives enough notice; not necessarily open or free.
    /// </remarks>
    public sealed record TooSoon(LocalDateTime Start, Instant Earliest) : SlotCheck;

    /// <remarks>
    /// <c>LastDay</c>: Last bookable date.
    /// </remarks>
    public sealed record TooFar(LocalDateTime Start, LocalDate LastDay) : SlotCheck;

    public sealed record Past(LocalDateTime Start) : SlotCheck;

    /// <summary>The clocks skip this time.</summary>
    /// <remarks>
    /// <c>Suggestion</c>: The first time after the change.
    /// </remarks>
    public sealed record NonexistentTime(LocalDateTime Start, LocalDateTime Suggestion) : SlotCheck;

    /// <summary>The clocks show this time twice, and both fit. Check again with the instant that the caller chose.</summary>
    public sealed record AmbiguousTime(LocalDateTime Start, Slot Earlier, Slot Later) : SlotCheck;

    /// <remarks>
    /// <c>Taken</c>: The booking or time off in the way, joined with its neighbours. Not to be spoken: it may be another customer's.
    /// </remarks>
    public sealed record Busy(LocalDateTime Start, Interval Taken) : SlotCheck;
}
