using NodaTime;
using ToolBackend.Core.Business;

namespace ToolBackend.Core.Calls;

/// <summary>Which desk takes a transfer. Pure.</summary>
public static class DeskRouter
{
    /// <summary>
    /// The open desk with the lowest priority number among those with the skill; without one, among all open desks; null when everybody is away.
    /// </summary>
    /// <param name="skills">What the call is about, most telling first; may be empty.</param>
    public static Desk? Choose(IReadOnlyList<Desk> desks, IReadOnlyList<string> skills, Instant now)
    {
        var open = desks.Where(d => IsOpen(d, now)).OrderBy(d => d.Priority).ToList();
        foreach (var skill in skills)
        {
            if (open.Find(d => d.Skills.Contains(skill, StringComparer.OrdinalIgnoreCase)) is { } skilled)
            {
                return skilled;
            }
        }

        return open.Count > 0 ? open[0] : null;
    }

    public static bool IsOpen(Desk desk, Instant now)
    {
        var local = now.InZone(desk.Zone).LocalDateTime;
        return desk.Hours.Any(h => h.Day == local.DayOfWeek && local.TimeOfDay >= h.Opens && (local.TimeOfDay < h.Closes || h.Closes == LocalTime.Midnight));
    }

    /// <summary>When one of the desks opens next, within a week; null when it never does.</summary>
    public static ZonedDateTime? NextOpening(IReadOnlyList<Desk> desks, Instant now) => desks
        .SelectMany(d => Enumerable.Range(0, 8).SelectMany(ahead => OpeningsOn(d, now.InZone(d.Zone).Date.PlusDays(ahead))))
        .Where(at => at.ToInstant() > now)
        .OrderBy(at => at.ToInstant())
        .Select(at => (ZonedDateTime?)at)
        .FirstOrDefault();

    private static IEnumerable<ZonedDateTime> OpeningsOn(Desk desk, LocalDate day) =>
        desk.Hours.Where(h => h.Day == day.DayOfWeek).Select(h => desk.Zone.AtLeniently(day + h.Opens));
}
