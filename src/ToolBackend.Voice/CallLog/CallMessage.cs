namespace ToolBackend.Voice.CallLog;

/// <summary>A message on its way to the log.</summary>
/// <param name="Json">In the shape of Vapi's server messages; not redacted yet.</param>
/// <param name="IsDetail">May be dropped when too much waits: the report says it again.</param>
internal sealed record CallMessage(byte[] Json, bool IsDetail, DateTimeOffset At)
{
    public override string ToString() => nameof(CallMessage);
}
