using NodaTime;
using ToolBackend.Core.Scheduling;
using ToolBackend.Core.Speech;
using ToolBackend.Core.Tools;

namespace ToolBackend.Core.Appointments;

/// <summary>The asked time cannot be had; the sentence says why and what can.</summary>
public sealed record SlotRefused(string Why, string Sentence) : ToolOutcome
{
    public override string Code => "slot_" + Why;

    public override string Say => Sentence;
}

/// <summary>How times that are free, and times that are not, are said.</summary>
public static class SlotSentences
{
    /// <summary>"on Thursday, December 3rd at 9 AM with Doctor Nguyen, or on Friday, December 4th at 2 PM with Doctor Ortiz".</summary>
    public static string Offer(IReadOnlyList<Slot> slots, DateTimeZone zone, LocalDate today, bool sayWho)
    {
        var days = slots.GroupBy(s => s.Start.InZone(zone).Date).Select(day =>
        {
            var times = day.Select(s => Phrases.Time(s.Start, zone) + (sayWho ? $" with {s.PractitionerName}" : "")).ToList();
            return $"{Phrases.OnDay(day.Key, today)} at {Phrases.List(times, "or")}";
        });
        return Phrases.List([.. days], "or");
    }

    /// <summary>As above with the name once when all are with the same person: "with Doctor Nguyen tomorrow at 9 AM or 11:15 AM".</summary>
    public static string OfferWithWho(IReadOnlyList<Slot> slots, DateTimeZone zone, LocalDate today) => slots.DistinctBy(s => s.PractitionerId).Count() == 1
        ? $"with {slots[0].PractitionerName} {Offer(slots, zone, today, sayWho: false)}"
        : Offer(slots, zone, today, sayWho: true);

    /// <summary>The refusal for a check that does not fit, with other times when there are any.</summary>
    public static SlotRefused Refuse(SlotCheck check, VisitChoice choice, IReadOnlyList<PractitionerCalendar> calendars, Instant now, string keep = "")
    {
        var zone = choice.Location.Zone;
        return check switch
        {
            SlotCheck.Busy busy => new("taken", $"{Capital(Phrases.DayAndTime(busy.Start, choice.Today))} is not free.{keep}{Others(busy.Start)}"),
            SlotCheck.OutsideHours { Hours: [] } closed => new("closed", $"Nobody works {Phrases.OnDay(closed.Start.Date, choice.Today)}.{keep}{Others(closed.Start)}"),
            SlotCheck.OutsideHours outside => new("outside_hours",
                $"{Capital(Nouns.A(choice.Service.Name))} at {Phrases.Time(outside.Start.TimeOfDay)} does not fit into the opening hours, which are {Hours(outside.Hours)} {Phrases.OnDay(outside.Start.Date, choice.Today)}.{keep}{Others(outside.Start)}"),
            SlotCheck.TooSoon soon => new("too_soon", $"That is too soon: appointments need {Phrases.HowLong(choice.Rules.MinimumNotice)} of notice.{keep}{Others(soon.Start)}"),
            SlotCheck.TooFar far => new("too_far", $"That is too far ahead: appointments can be made until {Phrases.Day(far.LastDay, choice.Today)}.{keep} Ask for an earlier date."),
            SlotCheck.Past past => new("past", $"{Capital(Phrases.DayAndTime(past.Start, choice.Today))} is already past.{keep} Ask for another time."),
            SlotCheck.NonexistentTime gap => new("no_such_time", $"The clocks change that night and {Phrases.Time(gap.Start.TimeOfDay)} does not exist.{keep} Suggest {Phrases.Time(gap.Suggestion.TimeOfDay)}."),
            SlotCheck.AmbiguousTime twice => new("time_twice", $"The clocks change that night and {Phrases.Time(twice.Start.TimeOfDay)} comes twice.{keep} Ask for a time outside that hour."),
            _ => throw new InvalidOperationException("A check that fits is no refusal."),
        };

        string Others(LocalDateTime near)
        {
            var free = SlotFinder.Find(new SlotQuery(near.Date, near.Date.PlusDays(7), Limit: 200), choice.Rules, choice.Service.Rules, calendars, zone, now);
            var nearest = free.OrderBy(s => Math.Abs((s.Start.InZone(zone).LocalDateTime.ToDateTimeUnspecified() - near.ToDateTimeUnspecified()).TotalMinutes)).Take(12).OrderBy(s => s.Start).ToList();
            var picked = SlotSampler.Pick(nearest, zone);
            return picked.Count == 0 ? " Ask for another day." : $" There is time {Offer(picked, zone, choice.Today, sayWho: choice.Practitioners.Count > 1)}.";
        }
    }

    private static string Hours(IReadOnlyList<(LocalTime Start, LocalTime End)> hours) =>
        Phrases.List([.. hours.Select(h => $"{Phrases.Time(h.Start)} to {Phrases.Time(h.End)}")]);

    private static string Capital(string sentence) => char.ToUpperInvariant(sentence[0]) + sentence[1..];
}
