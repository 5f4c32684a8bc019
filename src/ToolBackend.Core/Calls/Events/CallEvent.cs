using System.Text.Json.Serialization;

namespace ToolBackend.Core.Calls.Events;

/// <summary>Who reported an event.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CallEventSource>))]
public enum CallEventSource
{
    /// <summary>A server message of Vapi.</summary>
    Vapi,

    /// <summary>The own streaming pipeline.</summary>
    Pipeline,

    /// <summary>Vapi's REST API, asked because a message was missing.</summary>
    Api,

    /// <summary>Ourselves: nobody knows how the call ended, and it must have.</summary>
    Reaper,
}

/// <summary>What an event is about. Types that are not listed are kept as <see cref="Other"/>.</summary>
public enum CallEventKind
{
    Other,
    Status,
    Report,

    /// <summary>The call as Vapi's REST API shows it: what a report holds, when the report was lost.</summary>
    Snapshot,
    AssistantStarted,
    Transcript,
    Conversation,
    ToolCalls,
    Transfer,
    Interruption,
    Hang,
    AssistantRequest,
    DestinationRequest,
    Control,

    /// <summary>The call's data were deleted at Vapi.</summary>
    Deleted,
    Artifact,
    Language,

    /// <summary>Given up: see <see cref="CallEventSource.Reaper"/>.</summary>
    Reaped,
}

/// <summary>
/// One thing that happened in a call, as one side saw it. Immutable; the set of a call's events is the truth, everything else is folded from it.
/// ToString tells no personal data.
/// </summary>
/// <param name="CallRef">The reporting side's id of the call: Vapi's call id, or the pipeline's own. 1 to 128 characters.</param>
/// <param name="MessageId">Equal for every delivery of the same message; the sender gives none, so it is derived from its content.</param>
/// <param name="Type">The type as it was on the wire, at most 128 characters.</param>
/// <param name="SentAt">The sender's time, else the time of receipt: the only order there is.</param>
/// <param name="ProviderCallId">The carrier's id of the call (Twilio's CallSid), by which two sides' events are known to be one call.</param>
public sealed record CallEvent(
    string CallRef, Guid MessageId, CallEventSource Source, string Type, CallEventKind Kind, DateTimeOffset SentAt, DateTimeOffset ReceivedAt, string? ProviderCallId, CallFacts Facts)
{
    public override string ToString() => $"{Source} {Kind} of {CallRef}";
}
