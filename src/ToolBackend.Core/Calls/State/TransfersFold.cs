using ToolBackend.Core.Calls.Events;

namespace ToolBackend.Core.Calls.State;

/// <summary>
/// Where the call was passed on to. One transfer is told up to three times: by its own event, by the status "forwarding" and in the report. Of each destination those are
/// counted that the most talkative of the three told, so a second attempt at the same number is a second transfer and a second word of the first is not.
/// </summary>
internal static class TransfersFold
{
    public static IReadOnlyList<TransferFact> Of(IReadOnlyList<Leg> legs) =>
        [.. legs.SelectMany(Of).OrderBy(static t => t.Order).Select(static t => t.Transfer)];

    private static IEnumerable<(DateTimeOffset Order, TransferFact Transfer)> Of(Leg leg)
    {
        var told = leg.Events.Where(static e => e.Kind == CallEventKind.Transfer && e.Facts?.Transfer is not null).Select(static e => Clean(e.Facts.Transfer!, e.SentAt));
        var reported = (leg.Report.Transfers ?? []).Where(static t => t is not null).Select(static t => Clean(t, null));
        var forwarded = leg.Events.Where(static e => e.Kind == CallEventKind.Status && e.Facts?.Transfer is not null).Select(static e => Clean(e.Facts.Transfer!, e.SentAt));

        return told.Select(static t => (Rank: 0, t)).Concat(reported.Select(static t => (Rank: 1, t))).Concat(forwarded.Select(static t => (Rank: 2, t)))
            .GroupBy(static x => x.t.To ?? x.t.ToAssistant)
            .SelectMany(static to => to.GroupBy(static x => x.Rank).OrderByDescending(static source => source.Count()).ThenBy(static source => source.Key).First())
            .Select(x => (x.t.At ?? leg.EndedAt ?? DateTimeOffset.MaxValue, x.t));
    }

    private static TransferFact Clean(TransferFact t, DateTimeOffset? sentAt) =>
        new(Texts.Short(t.Kind), Texts.Short(t.To), Texts.Short(t.FromAssistant), Texts.Short(t.ToAssistant), (t.At ?? sentAt)?.ToUniversalTime());
}
