using System.ComponentModel;

namespace ToolBackend.Api.Operator.Calls;

/// <summary>What calls did in a stretch of time.</summary>
public sealed record CallStats(
    DateTimeOffset From,
    DateTimeOffset To,
    CallFigures All,
    [property: Description("Ended calls by class of their end.")] IReadOnlyDictionary<string, long> ByClass,
    [property: Description("By the hour (UTC) in which calls were opened and tools answered; hours without any are left out.")] IReadOnlyList<HourFigures> ByHour,
    [property: Description("By first assistant, most calls first, at most 100; null is for calls without one, and for tool calls of calls that are not known.")] IReadOnlyList<AssistantFigures> ByAssistant);

public sealed record HourFigures(DateTimeOffset Hour, CallFigures Figures);

public sealed record AssistantFigures(string? Assistant, CallFigures Figures);

public sealed record CallFigures(
    long Calls,
    long Open,
    [property: Description("Calls that were in progress at some time.")] long Answered,
    [property: Description("Answered, of those that were answered or ended; 0 to 1, null when there are none.")] double? AnswerRate,
    [property: Description("Calls whose evaluation is a clear yes or no.")] long Evaluated,
    [property: Description("Of these, the share of yes; 0 to 1, null when there are none.")] double? SuccessRate,
    [property: Description("Milliseconds, of ended calls that were answered.")] double? AverageDurationMs,
    [property: Description("US dollars.")] decimal Cost,
    [property: Description("Milliseconds from the caller's silence to the first audio, of each turn.")] LatencyFigures? TurnMs,
    [property: Description("Milliseconds of each tool call that this service answered.")] LatencyFigures? ToolMs)
{
    public static readonly CallFigures None = new(0, 0, 0, null, 0, null, null, 0, null, null);
}

public sealed record LatencyFigures(long Count, double P50, double P95, double P99);
