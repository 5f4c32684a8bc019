namespace ToolBackend.Voice.CallLog;

/// <summary>Something of a conversation, as it stands in the report.</summary>
internal abstract record CallLine(DateTimeOffset At)
{
    /// <param name="Role">user or assistant.</param>
    /// <param name="Text">The caller's words, or ours as heard.</param>
    /// <param name="WasInterrupted">The text ends where the caller stopped hearing.</param>
    public sealed record Words(string Role, string Text, DateTimeOffset At, DateTimeOffset Until, bool WasInterrupted) : CallLine(At);

    public sealed record Called(IReadOnlyList<(string Id, string Name)> Calls, DateTimeOffset At) : CallLine(At);

    public sealed record Returned(string Id, string Result, DateTimeOffset At) : CallLine(At);

    public override string ToString() => GetType().Name;
}
