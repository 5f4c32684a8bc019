using ToolBackend.Core.Calls.Events;

namespace ToolBackend.Core.Calls.State;

/// <summary>Folds the set of a call's events into its state.</summary>
public static class CallFold
{
    /// <param name="events">At least one, in any order, with any repetition.</param>
    public static CallState Fold(IEnumerable<CallEvent> events)
    {
        var ordered = events.DistinctBy(e => (e.CallRef, e.MessageId)).OrderBy(e => e.SentAt).ThenBy(e => e.MessageId).ToList();
        var first = ordered[0];
        return new CallState
        {
            CallId = first.CallRef,
            Version = ordered.Count,
            Aliases = [first.CallRef],
            Status = ordered.Any(e => e.Facts.Status == "ended") ? "ended" : "in-progress",
            Side = "vapi",
            OpenedAt = first.SentAt,
            LastEventAt = ordered[^1].SentAt,
        };
    }
}
