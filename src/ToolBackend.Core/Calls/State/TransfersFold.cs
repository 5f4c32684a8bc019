using ToolBackend.Core.Calls.Events;

namespace ToolBackend.Core.Calls.State;

/// <summary>
/// Where the call was passed on to. One transfer is told several times: by its own event, in the report, by the status "forwarding", as a request to carry it out, and as the
/// destination of the whole call. Of each destination those are counted that the most talkative of these told, so a second attempt at the same number is a second transfer
/// and a second word of the first is not.
/// </summary>
internal static class TransfersFold
{
    /// <summary>From the one that says most of a transfer to the one that says least.</summary>
    private enum Source
    {
        Transfer,
        Report,
        Status,
        Control,
        Destination,
    }

    public static IReadOnlyList<TransferFact> Of(IReadOnlyList<Leg> legs) =>
        [.. legs.SelectMany(Of).OrderBy(static t => t.Order).Select(static t => t.Transfer)];

    private static IEnumerable<(DateTimeOffset Order, TransferFact Transfer)> Of(Leg leg) =>
        Told(leg).GroupBy(static t => t.Transfer.To ?? t.Transfer.ToAssistant)
            .SelectMany(static to => to.GroupBy(static t => t.By).OrderByDescending(static by => by.Count()).ThenBy(static by => by.Key).First())
            .Select(t => (t.Transfer.At ?? leg.EndedAt ?? DateTimeOffset.MaxValue, t.Transfer));

    private static IEnumerable<(Source By, TransferFact Transfer)> Told(Leg leg)
    {
        foreach (var e in leg.Events)
        {
            if (e.Facts?.Transfer is { } told && SourceOf(e.Kind) is { } by)
            {
                yield return (by, Clean(told, e.SentAt));
            }
        }

        foreach (var reported in leg.Report.Transfers ?? [])
        {
            if (reported is not null)
            {
                yield return (Source.Report, Clean(reported, null));
            }
        }

        if (leg.Events.LastOrDefault(static e => StatusLattice.IsFinal(e) && e.Facts?.Transfer is not null) is { } final)
        {
            yield return (Source.Destination, Clean(final.Facts.Transfer!, null));
        }
    }

    private static Source? SourceOf(CallEventKind kind) => kind switch
    {
        CallEventKind.Transfer => Source.Transfer,
        CallEventKind.Status => Source.Status,
        CallEventKind.Control => Source.Control,
        _ => null,
    };

    private static TransferFact Clean(TransferFact t, DateTimeOffset? sentAt) =>
        new(Texts.Short(t.Kind), Texts.Short(t.To), Texts.Short(t.FromAssistant), Texts.Short(t.ToAssistant), (t.At ?? sentAt)?.ToUniversalTime());
}
