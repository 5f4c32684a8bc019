using ToolBackend.Core.Calls.Events;

namespace ToolBackend.Core.Calls.State;

/// <summary>Costs and latencies as far as they can be true; what cannot is left out and flagged.</summary>
internal static class Figures
{
    /// <summary>US dollars that one side of a call may cost; above it the figure is a mistake.</summary>
    private const decimal MostExpensive = 100_000m;

    /// <summary>US dollars that a call may come to: the column's width.</summary>
    private const decimal Most = 999_999m;

    /// <summary>Milliseconds: an hour.</summary>
    private const double Longest = 60 * 60 * 1000;

    /// <summary>What all sides cost; null when none says.</summary>
    public static decimal? Cost(IReadOnlyList<Leg> legs) => Sum(legs.Select(static l => Money(l.Report.Cost)));

    public static IReadOnlyDictionary<string, decimal>? CostBreakdown(IReadOnlyList<Leg> legs)
    {
        var parts = new SortedDictionary<string, decimal>(StringComparer.Ordinal);
        foreach (var (part, cost) in legs.SelectMany(static l => l.Report.CostBreakdown ?? s_none))
        {
            if (Money(cost) is { } money)
            {
                parts[part] = Sum([parts.TryGetValue(part, out var so) ? so : 0, money]) ?? 0;
            }
        }

        return parts.Count == 0 ? null : parts;
    }

    public static IReadOnlyList<TurnLatency> Turns(IReadOnlyList<Leg> legs) =>
        [.. legs.SelectMany(static l => l.Report.Turns ?? []).Where(static t => t is not null)
            .Select(static t => new TurnLatency(Milliseconds(t.Turn), Milliseconds(t.Endpointing), Milliseconds(t.Transcriber), Milliseconds(t.Model), Milliseconds(t.Voice)))
            .Where(static t => t != s_silent)];

    /// <summary>Barge-ins: as many as were told one by one, or as the report counts, whichever is more (single events get lost).</summary>
    public static int Interruptions(IReadOnlyList<Leg> legs) =>
        Count(legs.Select(static l => Math.Max(l.Events.Count(static e => e.Kind == CallEventKind.Interruption), l.Report.AssistantInterruptions ?? 0)));

    /// <summary>Whether a leg tells a figure that cannot be true.</summary>
    public static bool AreAbsurd(Leg leg) =>
        (leg.Report.Cost is not null && Money(leg.Report.Cost) is null)
        || (leg.Report.CostBreakdown ?? s_none).Values.Any(static c => Money(c) is null)
        || (leg.Report.Turns ?? []).Any(static t => t is not null && new[] { t.Turn, t.Endpointing, t.Transcriber, t.Model, t.Voice }.Any(static ms => ms is not null && Milliseconds(ms) is null));

    private static readonly IReadOnlyDictionary<string, decimal> s_none = new Dictionary<string, decimal>(StringComparer.Ordinal);

    private static readonly TurnLatency s_silent = new(null);

    /// <summary>To the millionth, as it is stored.</summary>
    private static decimal? Money(decimal? cost) => cost is >= 0 and <= MostExpensive ? Math.Round(cost.Value, 6) : null;

    private static decimal? Sum(IEnumerable<decimal?> costs) =>
        costs.Where(static c => c is not null).Aggregate((decimal?)null, static (sum, c) => Math.Min(Most, (sum ?? 0) + c!.Value));

    private static double? Milliseconds(double? ms) => ms is >= 0 and <= Longest ? ms : null;

    private static int Count(IEnumerable<int> counts) => (int)Math.Min(int.MaxValue, counts.Sum(static c => (long)Math.Max(0, c)));
}
