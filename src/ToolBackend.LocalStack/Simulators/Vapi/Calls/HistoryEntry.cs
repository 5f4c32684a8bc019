namespace ToolBackend.LocalStack.Simulators.Vapi.Calls;

internal enum HistoryRole
{
    Bot,
    User,
    ToolCalls,
    ToolResult,
}

/// <summary>One line of a call's history.</summary>
/// <param name="At">Since the call's first message.</param>
/// <param name="Text">What was said; for a tool result the tool's name.</param>
/// <param name="Calls">With <see cref="HistoryRole.ToolCalls"/>: what was called. With <see cref="HistoryRole.ToolResult"/>: the one call that was answered.</param>
internal sealed record HistoryEntry(HistoryRole Role, TimeSpan At, TimeSpan Duration, string Text, IReadOnlyList<PlannedToolCall> Calls);

/// <summary>A tool call with the id that it has in this call; <paramref name="Index"/> counts from 0 over the whole call.</summary>
internal sealed record PlannedToolCall(int Index, string Id, ScriptedToolCall Call);
