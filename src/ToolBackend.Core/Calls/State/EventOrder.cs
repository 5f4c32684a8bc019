using System.Text.Json;
using System.Text.Json.Serialization;
using ToolBackend.Core.Calls.Events;

namespace ToolBackend.Core.Calls.State;

/// <summary>
/// The one order in which a set of events is read: sent time, rank, message id; then everything else an event has, so that no two different events are ever level and the
/// order of their arrival cannot matter. Of several deliveries of a message the first in this order stands; should they differ in the status they speak for, the first with the highest.
/// </summary>
internal sealed class EventOrder : IComparer<CallEvent>
{
    private static readonly EventOrder s_instance = new();

    /// <summary>A sender's clock that is further ahead is not believed where silence is measured: such a call would never be silent.</summary>
    private static readonly TimeSpan s_wildClock = TimeSpan.FromDays(1);

    /// <summary>Facts as text, whatever they hold: numbers that JSON has no form for are spelled.</summary>
    private static readonly CallFactsJson s_anyFacts = new(new JsonSerializerOptions(CallFactsJson.Default.Options)
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        MaxDepth = 1000,
    });

    /// <param name="events">In any order, with any repetition.</param>
    public static IReadOnlyList<CallEvent> Of(IEnumerable<CallEvent> events)
    {
        var all = events.Where(static e => e is not null).ToList();
        all.Sort(s_instance);
        var standing = new Dictionary<(string, Guid), CallEvent>(all.Count);
        foreach (var e in all)
        {
            if (!standing.TryGetValue(IdOf(e), out var known) || StatusLattice.RankOf(e) > StatusLattice.RankOf(known))
            {
                standing[IdOf(e)] = e;
            }
        }

        return [.. all.Where(e => ReferenceEquals(standing[IdOf(e)], e)).DistinctBy(IdOf)];
    }

    /// <summary>When it was sent; when it was received, if it claims to be of a later day.</summary>
    public static DateTimeOffset MomentOf(CallEvent e) =>
        e.ReceivedAt != default && e.SentAt > e.ReceivedAt && e.SentAt - e.ReceivedAt > s_wildClock ? e.ReceivedAt : e.SentAt;

    private static (string, Guid) IdOf(CallEvent e) => (e.CallRef ?? "", e.MessageId);

    public int Compare(CallEvent? x, CallEvent? y)
    {
        if (ReferenceEquals(x, y))
        {
            return 0;
        }

        if (x is null || y is null)
        {
            return x is null ? -1 : 1;
        }

        var by = x.SentAt.UtcTicks.CompareTo(y.SentAt.UtcTicks);
        by = by != 0 ? by : StatusLattice.OrderOf(x).CompareTo(StatusLattice.OrderOf(y));
        by = by != 0 ? by : x.MessageId.CompareTo(y.MessageId);
        by = by != 0 ? by : string.CompareOrdinal(x.CallRef, y.CallRef);
        return by != 0 ? by : CompareDeliveries(x, y);
    }

    /// <summary>Two events of one id and moment: as a rule one message, delivered twice.</summary>
    private static int CompareDeliveries(CallEvent x, CallEvent y)
    {
        var by = x.ReceivedAt.UtcTicks.CompareTo(y.ReceivedAt.UtcTicks);
        by = by != 0 ? by : x.Source.CompareTo(y.Source);
        by = by != 0 ? by : x.Kind.CompareTo(y.Kind);
        by = by != 0 ? by : string.CompareOrdinal(x.Type, y.Type);
        by = by != 0 ? by : string.CompareOrdinal(x.ProviderCallId, y.ProviderCallId);
        return by != 0 || ReferenceEquals(x.Facts, y.Facts) ? by : string.CompareOrdinal(TextOf(x.Facts), TextOf(y.Facts));
    }

    private static string TextOf(CallFacts? facts)
    {
        if (facts?.Report?.StructuredOutputs is { } outputs)
        {
            facts = facts with { Report = facts.Report with { StructuredOutputs = Outputs.Written(outputs) } };
        }

        return facts is null ? "" : JsonSerializer.Serialize(facts, s_anyFacts.CallFacts);
    }
}
