using System.ComponentModel.DataAnnotations;

namespace ToolBackend.Core.Calls.Retention;

/// <summary>Section <c>Retention</c>: how long records are kept. 0 keeps for ever. The business's own records (appointments, shipments, customers) are not concerned.</summary>
public sealed class RetentionOptions
{
    /// <summary>Days of calls with all their events, counted from the call's beginning. Default 400, limit 0 to 36500.</summary>
    [Range(0, 36_500)]
    public int CallDays { get; set; } = 400;

    /// <summary>
    /// Days of what was said, of messages as they came, of summaries, results and recording links; after them a call is figures and times. Default 90, limit 0 to 36500.
    /// </summary>
    [Range(0, 36_500)]
    public int ContentDays { get; set; } = 90;

    /// <summary>Days of the tool invocation log. Default 90, limit 0 to 36500.</summary>
    [Range(0, 36_500)]
    public int ToolInvocationDays { get; set; } = 90;

    /// <summary>Days of the log of who looked at transcripts. Default 400, limit 0 to 36500.</summary>
    [Range(0, 36_500)]
    public int TranscriptAccessDays { get; set; } = 400;

    /// <summary>Hours of changes that streams can resume from. Default 24, limit 1 to 168.</summary>
    [Range(1, 168)]
    public int ChangeHours { get; set; } = 24;

    /// <summary>Minutes between two looks for what is over. Default 60, limit 1 to 1440.</summary>
    [Range(1, 1440)]
    public int IntervalMinutes { get; set; } = 60;
}
