using System.Text.Json;
using ToolBackend.Core.Calls.Events;

namespace ToolBackend.Core.Calls.State;

/// <summary>
/// Several reports and snapshots of one leg as one: member by member, the later one that says something stands (recordings and evaluations come after the report). What was
/// said when the call was over stands above what was said while it lived, and both above the reaper.
/// </summary>
internal static class ReportFold
{
    /// <param name="events">One leg's, in <see cref="EventOrder"/>.</param>
    public static ReportFacts Of(IReadOnlyList<CallEvent> events)
    {
        var told = events.Where(static e => e.Facts?.Report is not null && e.Kind != CallEventKind.Reaped).OrderBy(static e => StatusLattice.IsFinal(e)).Select(static e => e.Facts.Report!).ToList();
        return told.Aggregate(new ReportFacts(), Join) with
        {
            StructuredOutputs = Outputs.Join(told.Select(static r => r.StructuredOutputs)),
            Recordings = Outputs.Join(told.Select(static r => r.Recordings)),
        };
    }

    private static ReportFacts Join(ReportFacts a, ReportFacts b) => new()
    {
        StartedAt = b.StartedAt ?? a.StartedAt,
        EndedAt = b.EndedAt ?? a.EndedAt,
        Cost = b.Cost ?? a.Cost,
        CostBreakdown = b.CostBreakdown is { Count: > 0 } ? b.CostBreakdown : a.CostBreakdown,
        Summary = Texts.Long(b.Summary) ?? a.Summary,
        Success = Texts.Short(b.Success) ?? a.Success,
        Turns = b.Turns is { Count: > 0 } ? b.Turns : a.Turns,
        UserInterruptions = b.UserInterruptions ?? a.UserInterruptions,
        AssistantInterruptions = b.AssistantInterruptions ?? a.AssistantInterruptions,
        Transfers = b.Transfers is { Count: > 0 } ? b.Transfers : a.Transfers,
        Assistants = b.Assistants is { Count: > 0 } ? b.Assistants : a.Assistants,
    };
}

/// <summary>Named things that a call leaves, always in the order of their names.</summary>
internal static class Outputs
{
    private static readonly IReadOnlyDictionary<string, string> s_none = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>All of them; where several have a name, the last one's. Null when there is nothing.</summary>
    public static IReadOnlyDictionary<string, T>? Join<T>(IEnumerable<IReadOnlyDictionary<string, T>?> all)
    {
        var joined = new SortedDictionary<string, T>(StringComparer.Ordinal);
        foreach (var (name, value) in all.Where(static one => one is not null).SelectMany(static one => one!))
        {
            joined[name] = value;
        }

        return joined.Count == 0 ? null : joined;
    }

    /// <summary>Without elements that have no JSON: they cannot be written.</summary>
    public static IReadOnlyDictionary<string, JsonElement>? Written(IReadOnlyDictionary<string, JsonElement>? outputs) =>
        outputs is null ? null : Join([outputs.Where(static o => o.Value.ValueKind != JsonValueKind.Undefined).ToDictionary(StringComparer.Ordinal)]);

    /// <summary>Recordings of several legs: of a kind that is taken, the second leg's has <c>-2</c> behind it, the third's <c>-3</c>.</summary>
    public static IReadOnlyDictionary<string, string>? Recordings(IReadOnlyList<Leg> legs)
    {
        var all = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (index, leg) in legs.Index())
        {
            foreach (var (kind, link) in leg.Report.Recordings ?? s_none)
            {
                if (!string.IsNullOrWhiteSpace(link) && !all.TryAdd(kind, link) && all[kind] != link)
                {
                    all.TryAdd($"{kind}-{index + 1}", link);
                }
            }
        }

        return all.Count == 0 ? null : all;
    }
}
