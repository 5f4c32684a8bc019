using ToolBackend.Core.Calls.Events;

namespace ToolBackend.Core.Calls.State;

/// <summary>Events of a call, parted by side and id, and what each part says.</summary>
internal static class LegFold
{
    /// <summary>A first word longer before its message is a mistake.</summary>
    private static readonly TimeSpan s_longestCall = TimeSpan.FromDays(1);

    /// <summary>The legs in the order in which they came to life.</summary>
    /// <param name="ordered">In <see cref="EventOrder"/>.</param>
    public static IReadOnlyList<Leg> Split(IReadOnlyList<CallEvent> ordered)
    {
        var own = ordered.Where(static e => e.Source == CallEventSource.Pipeline).Select(static e => e.CallRef ?? "").ToHashSet(StringComparer.Ordinal);
        var foreign = ordered.Where(static e => e.Source is CallEventSource.Vapi or CallEventSource.Api).Select(static e => e.CallRef ?? "").ToHashSet(StringComparer.Ordinal);

        // The reaper speaks of whichever side has the id; Vapi, when nobody does.
        string SideOf(CallEvent e) => e.Source switch
        {
            CallEventSource.Pipeline => Leg.Own,
            CallEventSource.Reaper when own.Contains(e.CallRef ?? "") && !foreign.Contains(e.CallRef ?? "") => Leg.Own,
            _ => Leg.Vapi,
        };

        var legs = ordered.GroupBy(e => (Ref: e.CallRef ?? "", Side: SideOf(e))).Select(static g => Of(g.Key.Ref, g.Key.Side, [.. g])).ToList();
        return [.. GiveUp(legs, ordered).OrderBy(static l => l.FirstLife ?? l.OpenedAt).ThenBy(static l => l.Side == Leg.Own).ThenBy(static l => l.Ref, StringComparer.Ordinal)];
    }

    /// <summary>The reaper gives up the call, not one side of it: legs that showed no life after it are over too.</summary>
    private static IEnumerable<Leg> GiveUp(IReadOnlyList<Leg> legs, IReadOnlyList<CallEvent> ordered) =>
        ordered.LastOrDefault(static e => e.Kind == CallEventKind.Reaped) is { } reaped
            ? legs.Select(leg => leg.IsEnded || leg.LastLife > reaped.SentAt
                ? leg
                : leg with { Rank = StatusLattice.Ended, EndedAt = GivenUpAt(reaped), EndedReason = ReasonOf(reaped) ?? EndedReasons.NoEndKnown })
            : legs;

    private static Leg Of(string callRef, string side, IReadOnlyList<CallEvent> events)
    {
        var rank = 0;
        DateTimeOffset? firstLife = null, lastLife = null, connectedAt = null;
        var ends = new List<CallEvent>();
        var hasReport = false;
        foreach (var e in events)
        {
            var own = StatusLattice.RankOf(e);
            rank = Math.Max(rank, own);
            hasReport |= StatusLattice.IsFinal(e) && (e.Kind == CallEventKind.Report || e.Facts?.Report is not null);
            if (own == StatusLattice.Ended)
            {
                ends.Add(e);
            }
            else if (e.Kind == CallEventKind.Status && own >= StatusLattice.InProgress)
            {
                connectedAt ??= e.SentAt;
            }

            foreach (var moment in MomentsOfLife(e, own))
            {
                firstLife = firstLife is { } first && first <= moment ? first : moment;
                lastLife = lastLife is { } last && last >= moment ? last : moment;
            }
        }

        var report = ReportFold.Of(events);
        var told = ends.Where(static e => !IsReapers(e)).ToList();
        return new Leg
        {
            Ref = callRef,
            Side = side,
            Events = events,
            Rank = rank,
            FirstLife = firstLife,
            LastLife = lastLife,
            StartedAt = report.StartedAt ?? connectedAt ?? firstLife,
            EndedAt = ends.Count == 0 ? null : EndOf(told, report) ?? GivenUpAt(ends[0]),
            EndedReason = told.Count > 0 ? FirstReason(told.OrderBy(Weight)) : ends.Count > 0 ? FirstReason(ends) ?? EndedReasons.NoEndKnown : null,
            IsEndTold = told.Count > 0,
            Report = report,
            HasReport = hasReport,
        };
    }

    /// <summary>Moments at which, by this event, somebody was on the line. Reports and conversations are sent when it may be over: only the times in them count.</summary>
    private static IEnumerable<DateTimeOffset> MomentsOfLife(CallEvent e, int rank)
    {
        var sent = EventOrder.MomentOf(e);
        var isStatus = e.Kind is CallEventKind.Status or CallEventKind.Snapshot && rank is StatusLattice.InProgress or StatusLattice.Forwarding;
        if (isStatus || (StatusLattice.NeedsTwo(e.Kind) && e.Kind != CallEventKind.Conversation))
        {
            yield return sent;
        }

        if (e.Kind != CallEventKind.Reaped && e.Facts?.Report?.StartedAt is { } started)
        {
            yield return started <= sent ? started : sent;
        }

        var spoken = e.Facts?.Conversation?.Where(TranscriptFold.IsSpoken).ToList() ?? [];
        var times = spoken.Select(static u => u.At).Where(at => at <= sent).OfType<DateTimeOffset>().ToList();
        if (times.Count > 0)
        {
            yield return times.Max();
            if (times.Min() is var first && sent - first <= s_longestCall)
            {
                yield return first;
            }
        }
        else if (spoken.Count > 0 && e.Kind == CallEventKind.Conversation)
        {
            yield return sent;
        }
    }

    /// <summary>What the report says, else the first status that said ended, else the first other word of it.</summary>
    private static DateTimeOffset? EndOf(IReadOnlyList<CallEvent> told, ReportFacts report) =>
        told.Count == 0 ? null : report.EndedAt ?? (told.FirstOrDefault(static e => e.Kind == CallEventKind.Status) ?? told[0]).SentAt;

    private static DateTimeOffset GivenUpAt(CallEvent reaped) => reaped.Facts?.Report?.EndedAt ?? reaped.SentAt;

    /// <summary>The report stands above the snapshot, the snapshot above a status; of several of a kind the first.</summary>
    private static int Weight(CallEvent e) => e.Kind switch { CallEventKind.Report => 0, CallEventKind.Snapshot => 1, _ => 2 };

    private static string? FirstReason(IEnumerable<CallEvent> ends) => ends.Select(ReasonOf).FirstOrDefault(static r => r is not null);

    public static string? ReasonOf(CallEvent e) => Texts.Short(e.Facts?.EndedReason);

    public static bool IsReapers(CallEvent e) => e.Kind == CallEventKind.Reaped || e.Source == CallEventSource.Reaper || EndedReasons.IsReapers(e.Facts?.EndedReason);
}
