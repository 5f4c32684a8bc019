using ToolBackend.Core.Calls.Events;

namespace ToolBackend.Core.Calls.State;

/// <summary>
/// Folds the set of a call's events into its state: pure, the same for any order and any repetition, and without an exception for whatever senders write.
/// </summary>
/// <remarks>
/// Events are read by (sent time, rank, message id), one per message id (<see cref="EventOrder"/>). Those of one side under one id are a leg: Vapi's (server messages, its API, the
/// reaper) and the own pipeline's. A leg's status is the highest that any of its events speaks for (<see cref="StatusLattice"/>); <c>ended</c> is final for a leg, reports may join later.
/// <para>
/// A call has one leg, as a rule. When Vapi lost it and the pipeline went on, it has two, and follows the one with the last word: of the legs that had the caller on the line the one
/// with the last sign of life, which an end or a report is not. So a late end of a dead leg moves nothing:
/// </para>
/// <code>
/// Vapi                                           pipeline                       call
/// in-progress, ended 10:05 (customer)            -                              ended 10:05 (customer)
/// in-progress, ended 10:01 (closed-websocket)    in-progress 10:01:01           in-progress
/// in-progress, ended 10:01 (closed-websocket)    ..., ended 10:05 (customer)    ended 10:05 (customer)
/// in-progress, ended 10:06 (found out late)      ..., ended 10:05 (customer)    ended 10:05 (customer)
/// in-progress, no end ever told                  ..., ended 10:05 (customer)    ended 10:05 (customer), side-without-end
/// queued, never had the caller                   ..., ended 10:05 (customer)    ended 10:05 (customer), side: own
/// in-progress, ended 10:05, active until then    failed at once at 10:01        ended 10:05, by Vapi's word
/// in-progress, given up by the reaper 10:30      ..., silent since 10:06        ended 10:30 (reaper.no-end-known), no-end-known
/// </code>
/// Within a leg a told reason stands above the reaper's, the report's above a snapshot's above a status's. With one leg no event takes a call out of <c>ended</c>; with two, the
/// first sign of life of the side that takes over does. Each row is a test of <c>TwoSidedCallTests</c>.
/// </remarks>
public static class CallFold
{
    /// <param name="events">At least one, in any order, with any repetition. All that is known of one call: the events of all its aliases.</param>
    /// <exception cref="ArgumentException">No event.</exception>
    public static CallState Fold(IEnumerable<CallEvent> events)
    {
        var ordered = EventOrder.Of(events);
        if (ordered.Count == 0)
        {
            throw new ArgumentException("A call is at least one event.", nameof(events));
        }

        var legs = LegFold.Split(ordered);
        var lastWord = legs.MaxBy(static l => (l.Ran, l.LastLife ?? EventOrder.MomentOf(l.Events[^1]), l.Side == Leg.Own, l.FirstLife ?? l.OpenedAt))!;
        var running = legs.Any(static l => l.Ran) ? legs.Where(static l => l.Ran).ToList() : legs;
        var firstAssistant = Said(ordered, static c => c.AssistantId);
        var call = new CallState
        {
            CallId = CallIdOf(legs),
            Version = ordered.Count,
            Aliases = [.. legs.Select(static l => l.Ref).Concat(ordered.Select(static e => e.ProviderCallId).OfType<string>()).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
            Status = StatusLattice.WordOf(lastWord.Rank),
            EndedReason = lastWord.IsEnded ? lastWord.EndedReason : null,
            EndedClass = lastWord.IsEnded ? EndedReasons.Classify(lastWord.EndedReason) : null,
            Side = running.All(static l => l.Side == Leg.Vapi) ? Leg.Vapi : running.All(static l => l.Side == Leg.Own) ? Leg.Own : "both",
            Type = Said(ordered, static c => c.Type),
            OpenedAt = (ordered.Min(static e => e.Facts?.Call?.CreatedAt) ?? ordered[0].SentAt).ToUniversalTime(),
            StartedAt = running.Min(static l => l.StartedAt)?.ToUniversalTime(),
            EndedAt = lastWord.IsEnded ? lastWord.EndedAt?.ToUniversalTime() : null,
            LastEventAt = ordered.Max(EventOrder.MomentOf).ToUniversalTime(),
            ProviderCallId = ordered.Select(static e => e.ProviderCallId).FirstOrDefault(static id => id is not null),
            OrgId = Said(ordered, static c => c.OrgId),
            Caller = Said(ordered, static c => c.Customer),
            Line = Said(ordered, static c => c.Line),
            PhoneNumberId = Said(ordered, static c => c.PhoneNumberId),
            SquadId = Said(ordered, static c => c.SquadId),
            Assistants = AssistantsFold.Of(legs, ordered, firstAssistant),
            MaxSeconds = AssistantsFold.MaxSeconds(legs, ordered),
            Transcript = TranscriptFold.Of(legs),
            Tools = ToolCallsFold.Of(ordered),
            Transfers = TransfersFold.Of(legs),
            Interruptions = Figures.Interruptions(legs),
            Hangs = ordered.Count(static e => e.Kind == CallEventKind.Hang),
            Turns = Figures.Turns(legs),
            Cost = Figures.Cost(legs),
            CostBreakdown = Figures.CostBreakdown(legs),
            Summary = string.Join('\n', legs.Select(static l => l.Report.Summary).OfType<string>()) is { Length: > 0 } summary ? summary : null,
            Success = lastWord.Report.Success ?? legs.Select(static l => l.Report.Success).LastOrDefault(static s => s is not null),
            StructuredOutputs = Outputs.Written(Outputs.Join(legs.Select(static l => l.Report.StructuredOutputs))),
            Recordings = Outputs.Recordings(legs),
            HasReport = running.All(static l => l.HasReport),
            IsDeletedAtVapi = ordered.Any(static e => e.Kind == CallEventKind.Deleted),
            Legs = [.. legs.Select(static l => l.Shown)],
        };
        return call with { Anomalies = Anomalies.Of(call, legs, lastWord, ordered) };
    }

    /// <summary>The smallest of Vapi's ids: the one name that stays when the other side is heard of later.</summary>
    private static string CallIdOf(IReadOnlyList<Leg> legs) =>
        legs.OrderBy(static l => l.Side == Leg.Own).ThenBy(static l => l.Ref, StringComparer.Ordinal).First().Ref;

    /// <summary>The first word on what does not change during a call.</summary>
    private static string? Said(IReadOnlyList<CallEvent> ordered, Func<CallIdentity, string?> member)
    {
        foreach (var e in ordered)
        {
            if (e.Facts?.Call is { } told && Texts.Short(member(told)) is { } said)
            {
                return said;
            }
        }

        return null;
    }
}
