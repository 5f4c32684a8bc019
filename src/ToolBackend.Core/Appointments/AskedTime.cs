using NodaTime;
using ToolBackend.Core.Scheduling;
using ToolBackend.Core.Speech;
using ToolBackend.Core.Tools;

namespace ToolBackend.Core.Appointments;

/// <summary>The date and time in a tool's arguments, read for one visit.</summary>
public static class AskedTime
{
    /// <summary>Beyond any horizon, and far enough from the calendar's end to count on from.</summary>
    private const int MostYearsAhead = 5;

    /// <summary>The wall-clock time that was meant, or the sentence that asks for it.</summary>
    public static (LocalDateTime? When, ToolOutcome? Refusal) Read(string date, string time, VisitChoice choice)
    {
        if (ReadDate(date, choice.Today) is var (day, refusal) && day is null)
        {
            return (null, refusal);
        }

        return SpokenTime.Read(time, t => IsOpen(choice, day.Value, t)) switch
        {
            TimeReading.Read read => (day.Value + read.Time, null),
            TimeReading.Ambiguous ambiguous => (null, new ArgumentsRefused(ambiguous.Ask)),
            TimeReading.Unreadable unreadable => (null, new ArgumentsRefused(unreadable.Say)),
            _ => throw new InvalidOperationException("TimeReading is closed."),
        };
    }

    public static (LocalDate? Day, ToolOutcome? Refusal) ReadDate(string date, LocalDate today) => SpokenDate.Read(date, today) switch
    {
        DateReading.Read read when read.Date > today.PlusYears(MostYearsAhead) => (null, new ArgumentsRefused("That date is too far ahead. Which day would you like?")),
        DateReading.Read read => (read.Date, null),
        DateReading.Ambiguous ambiguous => (null, new ArgumentsRefused(ambiguous.Ask)),
        DateReading.Past past => (null, new ArgumentsRefused(past.Say)),
        DateReading.Unreadable unreadable => (null, new ArgumentsRefused(unreadable.Say)),
        _ => throw new InvalidOperationException("DateReading is closed."),
    };

    /// <summary>Decides "2:30" without AM or PM: only one half of the day may be open.</summary>
    private static bool IsOpen(VisitChoice choice, LocalDate day, LocalTime time) => choice.Practitioners.Any(p => p.Hours.Any(h =>
        h.BeginOn(day) && h.On(day) is var (start, end) && day + time >= start && day + time < end));
}
