using System.ComponentModel.DataAnnotations;

namespace ToolBackend.Core.Calls.Reaping;

/// <summary>Section <c>Calls:Reaper</c>: when the voice platform is asked about a call that it tells nothing of.</summary>
public sealed class CallReaperOptions
{
    /// <summary>Seconds between two looks for silent calls. Default 30, limit 1 to 3600.</summary>
    [Range(1, 3600)]
    public int IntervalSeconds { get; set; } = 30;

    /// <summary>Minutes without an event after which a live call is asked for. Default 10, limit 1 to 1440.</summary>
    [Range(1, 1440)]
    public int SilenceMinutes { get; set; } = 10;

    /// <summary>Minutes after its end at which a call without a report is asked for. Default 5, limit 1 to 1440.</summary>
    [Range(1, 1440)]
    public int ReportMinutes { get; set; } = 5;

    /// <summary>Seconds that a call may live at most, whatever its definition says. Default 43200, the most that Vapi allows; limit 60 to 604800.</summary>
    [Range(60, 604_800)]
    public int HardLimitSeconds { get; set; } = 43_200;

    /// <summary>Seconds beyond a call's limit in which its end may still arrive. Default 300, limit 0 to 86400.</summary>
    [Range(0, 86_400)]
    public int MarginSeconds { get; set; } = 300;

    /// <summary>Seconds until a call that still lives is asked for again; doubled each time. Default 120, limit 1 to 3600.</summary>
    [Range(1, 3600)]
    public int FirstWaitSeconds { get; set; } = 120;

    /// <summary>Longest of these waits in seconds. Default 3600, limit 1 to 86400.</summary>
    [Range(1, 86_400)]
    public int LongestWaitSeconds { get; set; } = 3600;

    /// <summary>Calls asked for in one look. Default 50, limit 1 to 1000.</summary>
    [Range(1, 1000)]
    public int BatchSize { get; set; } = 50;

    internal TimeSpan Silence => TimeSpan.FromMinutes(SilenceMinutes);

    internal TimeSpan Margin => TimeSpan.FromSeconds(MarginSeconds);

    internal TimeSpan HardLimit => TimeSpan.FromSeconds(HardLimitSeconds);

    internal TimeSpan FirstWait => TimeSpan.FromSeconds(FirstWaitSeconds);

    internal TimeSpan LongestWait => TimeSpan.FromSeconds(Math.Max(FirstWaitSeconds, LongestWaitSeconds));
}
