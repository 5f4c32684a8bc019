using ToolBackend.Core.Calls.Events;

namespace ToolBackend.Core.Calls.State;

/// <summary>Who spoke for us, in the order of taking over; one that comes back is listed again.</summary>
internal static class AssistantsFold
{
    /// <summary>Seconds. Vapi allows 12 hours.</summary>
    private const int LongestCall = 24 * 60 * 60;

    /// <param name="ordered">All of the call's events in <see cref="EventOrder"/>.</param>
    /// <param name="firstId">Of the assistant that the call was made with.</param>
    public static IReadOnlyList<AssistantFact> Of(IReadOnlyList<Leg> legs, IReadOnlyList<CallEvent> ordered, string? firstId)
    {
        var known = ordered.Select(static e => e.Facts?.Assistant).Concat(legs.SelectMany(static l => l.Report.Assistants ?? [])).Select(Clean).OfType<AssistantFact>().ToList();
        var row = new List<AssistantFact>();
        foreach (var next in legs.SelectMany(OfLeg).Select(Clean).OfType<AssistantFact>())
        {
            if (row is [.., var last] && Same(last, next))
            {
                row[^1] = Join(last, next);
            }
            else
            {
                row.Add(next);
            }
        }

        if (row.Count == 0)
        {
            return firstId is null ? [] : [new AssistantFact(firstId, null)];
        }

        var byId = known.Where(static a => a.Id is not null).GroupBy(static a => a.Id!, StringComparer.Ordinal).ToDictionary(static g => g.Key, static g => g.Aggregate(Join), StringComparer.Ordinal);
        var byName = known.Where(static a => a.Name is not null).GroupBy(static a => a.Name!, StringComparer.Ordinal)
            .Where(static g => g.Select(static a => a.Id).OfType<string>().Distinct(StringComparer.Ordinal).Count() <= 1)
            .ToDictionary(static g => g.Key, static g => g.Aggregate(Join), StringComparer.Ordinal);
        var full = row.Select(a => a.Name is not null && byName.TryGetValue(a.Name, out var named) && Same(a, named) ? Join(a, named) : a)
            .Select((a, i) => i == 0 && a.Id is null ? a with { Id = firstId } : a);
        return [.. full.Select(a => a.Id is not null && byId.TryGetValue(a.Id, out var same) ? Join(a, same) : a)];
    }

    /// <summary>The longest limit that any of the assistants sets; null when none is known.</summary>
    public static int? MaxSeconds(IReadOnlyList<Leg> legs, IReadOnlyList<CallEvent> ordered) =>
        ordered.Select(static e => e.Facts?.Assistant).Concat(legs.SelectMany(static l => l.Report.Assistants ?? [])).Max(LimitOf);

    /// <summary>The report's list, else as the events tell it. A name that is known before its first word counts from there.</summary>
    private static IEnumerable<AssistantFact?> OfLeg(Leg leg) =>
        leg.HasReport && leg.Report.Assistants is { Count: > 0 } reported ? reported : leg.Events.Select(static e => e.Facts?.Assistant) is var told && told.Any(static a => a is not null) ? told : leg.Report.Assistants ?? [];

    /// <summary>Alike in what both say, and both say something. (An id may be the call's first assistant's while another speaks.)</summary>
    private static bool Same(AssistantFact a, AssistantFact b) =>
        (a.Id is null || b.Id is null || a.Id == b.Id) && (a.Name is null || b.Name is null || a.Name == b.Name) && ((a.Id is not null && a.Id == b.Id) || (a.Name is not null && a.Name == b.Name));

    private static AssistantFact Join(AssistantFact a, AssistantFact b) => new(a.Id ?? b.Id, a.Name ?? b.Name, a.MaxDurationSeconds ?? b.MaxDurationSeconds);

    private static AssistantFact? Clean(AssistantFact? a)
    {
        var (id, name) = (Texts.Short(a?.Id), Texts.Short(a?.Name));
        return id is null && name is null ? null : new AssistantFact(id, name, LimitOf(a));
    }

    private static int? LimitOf(AssistantFact? a) => a?.MaxDurationSeconds is > 0 and <= LongestCall and var seconds ? seconds : null;
}
