using System.ComponentModel.DataAnnotations;
using NodaTime;
using ToolBackend.Core.Scheduling;

namespace ToolBackend.Core.Appointments;

/// <summary>Section <c>Scheduling</c>.</summary>
public sealed class SchedulingOptions
{
    /// <summary>Minutes between a call and the earliest appointment it can book. Default 120, limit 0 to 43200.</summary>
    [Range(0, 43_200)]
    public int MinimumNoticeMinutes { get; set; } = 120;

    /// <summary>Days ahead that can be booked. Default 90, limit 1 to 730.</summary>
    [Range(1, 730)]
    public int HorizonDays { get; set; } = 90;

    /// <summary>Minutes between offered starts. Default 15, limit 5 to 240.</summary>
    [Range(5, 240)]
    public int GridMinutes { get; set; } = 15;

    /// <summary>Upcoming appointments one phone number may hold. Default 6, limit 1 to 100.</summary>
    [Range(1, 100)]
    public int MaxUpcomingPerCaller { get; set; } = 6;

    /// <summary>Minutes a question ("shall I cancel it?") stays open for a yes. Default 10, limit 1 to 120.</summary>
    [Range(1, 120)]
    public int ConfirmationMinutes { get; set; } = 10;

    internal SlotRules Rules => new(Duration.FromMinutes(MinimumNoticeMinutes), HorizonDays, Duration.FromMinutes(GridMinutes));
}
