using ToolBackend.Core.Calls.Events;

namespace ToolBackend.Core.Calls.State;

/// <summary>What cannot be right about a call, by name. A name is there or not; what it means never changes.</summary>
public static class Anomalies
{
    /// <summary>A cost or a latency that cannot be true was told and is left out.</summary>
    public const string AbsurdFigure = "absurd-figure";

    /// <summary>An event was sent more than a minute after it was received, or tells of an end more than a minute ahead: a sender's clock is wrong.</summary>
    public const string ClockSkew = "clock-skew";

    /// <summary>It ended before it started.</summary>
    public const string EndBeforeStart = "end-before-start";

    /// <summary>It ended, and nobody said why.</summary>
    public const string EndWithoutReason = "end-without-reason";

    /// <summary>Something that needs a living call was sent more than 2 s after its end.</summary>
    public const string EventAfterEnd = "event-after-end";

    /// <summary>It lasted more than a minute longer than its definition allows.</summary>
    public const string LongerThanAllowed = "longer-than-allowed";

    /// <summary>Given up by the reaper: it must have ended, nobody knows how.</summary>
    public const string NoEndKnown = "no-end-known";

    /// <summary>The report came, the status "ended" did not (or not yet).</summary>
    public const string ReportWithoutEnd = "report-without-end";

    /// <summary>The call is over or was taken over, but a side that ran it never told its end.</summary>
    public const string SideWithoutEnd = "side-without-end";

    /// <summary>Two parties were on the line, but no event said "in-progress".</summary>
    public const string StartedNeverInProgress = "started-never-in-progress";

    /// <summary>Events name different callers.</summary>
    public const string TwoCallers = "two-callers";

    /// <summary>One side gives different reasons for the same end.</summary>
    public const string TwoEndedReasons = "two-ended-reasons";

    /// <summary>Events name different calls of the carrier.</summary>
    public const string TwoProviderCalls = "two-provider-calls";

    /// <summary>A status that is none of the known words.</summary>
    public const string UnknownStatus = "unknown-status";

    private static readonly TimeSpan s_skew = TimeSpan.FromMinutes(1);

    /// <summary>In-flight messages of an ended call.</summary>
    private static readonly TimeSpan s_afterglow = TimeSpan.FromSeconds(2);

    /// <param name="call">All but its anomalies.</param>
    internal static IReadOnlyList<string> Of(CallState call, IReadOnlyList<Leg> legs, Leg lastWord, IReadOnlyList<CallEvent> ordered)
    {
        var found = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var leg in legs)
        {
            Flag(AbsurdFigure, Figures.AreAbsurd(leg));
            Flag(EndBeforeStart, leg.EndedAt < leg.StartedAt);
            Flag(EventAfterEnd, leg is { IsEnded: true, EndedAt: { } end } && leg.Events.Any(e => IsAlive(e) && e.SentAt > end && e.SentAt - end > s_afterglow));
            Flag(ReportWithoutEnd, leg.Events.Any(static e => e.Kind == CallEventKind.Report) && !leg.Events.Any(static e => e.Kind == CallEventKind.Status && StatusLattice.RankOf(e) == StatusLattice.Ended));
            Flag(SideWithoutEnd, leg.Ran && leg != lastWord && !leg.IsEndTold);
            Flag(StartedNeverInProgress, leg.Ran && !leg.Events.Any(static e => e.Kind == CallEventKind.Snapshot || (e.Kind == CallEventKind.Status && e.Facts?.Status == "in-progress")));
            Flag(TwoEndedReasons, leg.Events.Where(static e => StatusLattice.RankOf(e) == StatusLattice.Ended && !LegFold.IsReapers(e)).Select(LegFold.ReasonOf).OfType<string>().Distinct(StringComparer.Ordinal).Skip(1).Any());
        }

        Flag(ClockSkew, ordered.Any(IsAhead));
        Flag(EndWithoutReason, call is { IsEnded: true, EndedReason: null });
        Flag(LongerThanAllowed, call is { MaxSeconds: { } limit, DurationMs: { } ms } && ms > (limit * 1000L) + (long)s_skew.TotalMilliseconds);
        Flag(NoEndKnown, call.IsEnded && !lastWord.IsEndTold);
        Flag(TwoCallers, Several(ordered, static e => Texts.Short(e.Facts?.Call?.Customer)));
        Flag(TwoProviderCalls, Several(ordered, static e => e.ProviderCallId));
        Flag(UnknownStatus, ordered.Any(static e => e.Kind == CallEventKind.Status && e.Facts?.Status is { } word and not ("not-found" or "deletion-failed") && StatusLattice.RankOf(word) == StatusLattice.None));
        return [.. found];

        void Flag(string name, bool isSo)
        {
            if (isSo)
            {
                found.Add(name);
            }
        }
    }

    /// <summary>A conversation may be told once more when all is over; so may a status that was late.</summary>
    private static bool IsAlive(CallEvent e) => StatusLattice.NeedsTwo(e.Kind) ? e.Kind != CallEventKind.Conversation
        : e.Kind == CallEventKind.Status && StatusLattice.RankOf(e) is > StatusLattice.None and < StatusLattice.Ended;

    private static bool IsAhead(CallEvent e) =>
        (e.ReceivedAt != default && e.SentAt > e.ReceivedAt && e.SentAt - e.ReceivedAt > s_skew)
        || (e.Facts?.Report?.EndedAt is { } end && end > e.SentAt && end - e.SentAt > s_skew);

    private static bool Several(IReadOnlyList<CallEvent> ordered, Func<CallEvent, string?> named) => ordered.Select(named).OfType<string>().Distinct(StringComparer.Ordinal).Skip(1).Any();
}
