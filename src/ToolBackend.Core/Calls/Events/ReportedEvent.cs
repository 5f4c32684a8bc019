using ToolBackend.Core.Observability;

namespace ToolBackend.Core.Calls.Events;

/// <summary>An event on its way into the store.</summary>
/// <param name="Body">The message, redacted, as UTF-8 JSON; null where content is not stored. Owned by the event: no slice of a request's buffer.</param>
/// <param name="ControlUrl">Takes commands for the live call; kept apart from everything that is shown.</param>
public sealed record ReportedEvent(CallEvent Event, byte[]? Body, Sensitive<string>? ControlUrl)
{
    public override string ToString() => Event.ToString();
}

/// <summary>Something too frequent to be stored: a partial transcript, who is speaking. For those who watch now.</summary>
/// <param name="Role">user or assistant, when it is about one of them.</param>
public sealed record LiveMoment(string CallRef, string Type, DateTimeOffset At, string? Role = null, string? Text = null)
{
    public override string ToString() => $"{Type} of {CallRef}";
}
