using ToolBackend.Core.Calls.Events;

namespace ToolBackend.Vapi.Calls;

/// <summary>Why an event has no body although bodies are kept. A closed set, safe as a metric label.</summary>
public enum BodyFlaw
{
    None,

    /// <summary>Balanced, so that its sender could be answered, but not JSON: the facts are those that the answer needed.</summary>
    Unreadable,

    /// <summary>More than <see cref="ContentPolicy.MaxBodyBytes"/> after redaction.</summary>
    TooLarge,
}

/// <summary>What is to be done about one server message. One of the two is always set; a final transcript and a stored conversation set both.</summary>
/// <param name="ToStore">To be stored before the message is acknowledged; null when it is not worth that.</param>
/// <param name="Live">To be shown to those who watch now.</param>
public sealed record ReadEvent(ReportedEvent? ToStore, LiveMoment? Live, BodyFlaw Flaw = BodyFlaw.None)
{
    public override string ToString() => ToStore?.ToString() ?? Live?.ToString() ?? nameof(ReadEvent);
}
