using System.ComponentModel.DataAnnotations;

namespace ToolBackend.Core.Calls.Backfill;

/// <summary>Section <c>Calls:Backfill</c>: outages of ours, and how what was missed in them is fetched.</summary>
public sealed class BackfillOptions
{
    /// <summary>Seconds in which no replica could store events that count as an outage. Default 30, limit 10 to 3600. Heartbeats are 5 s apart.</summary>
    [Range(10, 3600)]
    public int GapSeconds { get; set; } = 30;

    /// <summary>Seconds before the last heartbeat from which calls are fetched, for events that were under way and for clocks that differ. Default 60, limit 0 to 3600.</summary>
    [Range(0, 3600)]
    public int MarginSeconds { get; set; } = 60;

    /// <summary>Longest outage in days that is made good: what changed earlier is not fetched. Default 14, limit 1 to 400.</summary>
    [Range(1, 400)]
    public int LongestDays { get; set; } = 14;

    /// <summary>Minutes of changes fetched at once. Shorter needs less memory and more requests. Default 5, limit 1 to 1440.</summary>
    [Range(1, 1440)]
    public int WindowMinutes { get; set; } = 5;
}
