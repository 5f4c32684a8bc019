namespace ToolBackend.Core.Calls.Reaping;

/// <summary>A call of which an event is missing: its end, or its report.</summary>
/// <param name="Status">By our events: <c>ended</c> when only the report is missing.</param>
/// <param name="MaxSeconds">The definition's limit of the call, when it is known.</param>
/// <param name="PlatformRefs">The platform's ids of the call; empty for one that only the own pipeline knows.</param>
/// <param name="Times">How often the platform answered about it so far.</param>
/// <param name="UnknownTimes">How often, lately and without a break, it answered that it has no such call.</param>
public sealed record SilentCall(
    string CallId, string Status, DateTimeOffset OpenedAt, DateTimeOffset? StartedAt, DateTimeOffset LastEventAt, int? MaxSeconds, IReadOnlyList<string> PlatformRefs, int Times, int UnknownTimes)
{
    public bool IsEnded => Status == "ended";
}

/// <summary>What the platform said about a call.</summary>
public enum PlatformAnswer
{
    /// <summary>It has ended; the snapshot says how.</summary>
    Ended,

    /// <summary>It goes on.</summary>
    Live,

    /// <summary>There is no such call.</summary>
    Unknown,

    /// <summary>Nothing: it could not be asked, or there is nobody to ask.</summary>
    None,
}
