using System.Text.Json;
using ToolBackend.Core.Calls.Events;
using ToolBackend.Core.Observability;
using ToolBackend.Vapi.Calls.Facts;
using ToolBackend.Vapi.Calls.Redaction;
using ToolBackend.Vapi.Messages;

namespace ToolBackend.Vapi.Calls;

/// <summary>
/// From one server message to what the core knows of it. Never throws on what a message says: what cannot be read is absent.
/// Facts are read from the redacted message, so a secret that is not in the body is in no fact either.
/// </summary>
public static class VapiEventReader
{
    private static readonly JsonDocumentOptions s_options = new() { MaxDepth = JsonCursor.MaxDepth };

    /// <summary>Reads the whole message: about 1 ms for 200 kB.</summary>
    /// <param name="body">The bytes that <paramref name="message"/> was read from; nothing of the result points into them.</param>
    /// <returns>Null when the message belongs to no call (text chats, sessions, campaigns, no usable call id).</returns>
    public static ReadEvent? Read(ReadOnlyMemory<byte> body, VapiMessage message, DateTimeOffset receivedAt, ContentPolicy policy)
    {
        if (CallRef(message) is null)
        {
            return null;
        }

        var isPartial = IsPartial(message);
        var isFrequent = isPartial || EventTypes.IsHighFrequency(message.Kind);
        var isStored = message.Kind == VapiMessageKind.ConversationUpdate ? policy.StoreConversationUpdates : !isFrequent || policy.StoreHighFrequency;
        var id = !isStored ? Guid.Empty : EventTypes.IsAwaited(message.Kind) ? MessageIds.Of(message) : MessageIds.Of(message, body.Span);
        var sighting = EventOf(message, id, receivedAt);
        if (isFrequent)
        {
            sighting = sighting with { Kind = CallEventKind.Other };
        }

        try
        {
            var redacted = MessageRedactor.Redact(body, Place.Root, PlanOf(body, message, isPartial, policy)).Body;
            using var document = JsonDocument.Parse(redacted, s_options);
            var json = document.RootElement.Get("message"u8);
            var facts = MessageFacts.Of(sighting.Facts, message, json, sighting.SentAt, isPartial, policy.StoreContent);
            var live = LiveMoments.Of(message, sighting.CallRef, sighting.Type, sighting.SentAt, facts, json, policy.StoreContent);
            if (!isStored)
            {
                return new ReadEvent(null, live);
            }

            var flaw = policy.StoreContent && redacted.Length > policy.MaxBodyBytes ? BodyFlaw.TooLarge : BodyFlaw.None;
            var kept = policy.StoreContent && flaw == BodyFlaw.None ? redacted.ToArray() : null;
            return new ReadEvent(new ReportedEvent(sighting with { Facts = facts }, kept, ControlUrl(message)), live, flaw);
        }
        catch (JsonException)
        {
            // Parts that the answer did not need were only counted for brackets. The sender has its answer; what it needed is what is known.
            var live = LiveMoments.Of(message, sighting.CallRef, sighting.Type, sighting.SentAt, sighting.Facts, default, withContent: false);
            return isStored ? new ReadEvent(new ReportedEvent(sighting, null, ControlUrl(message)), live, BodyFlaw.Unreadable) : new ReadEvent(null, live, BodyFlaw.Unreadable);
        }
    }

    /// <summary>
    /// What is known from the answer's own reading of the message, in a few microseconds: for tool calls and requests, whose answers are awaited. No body, no arguments.
    /// <see cref="Read"/> gives such messages the same id.
    /// </summary>
    /// <returns>Null when the message belongs to no call.</returns>
    public static ReportedEvent? Sighting(VapiMessage message, DateTimeOffset receivedAt) =>
        CallRef(message) is null ? null : new ReportedEvent(EventOf(message, MessageIds.Of(message), receivedAt), null, ControlUrl(message));

    private static CallEvent EventOf(VapiMessage message, Guid id, DateTimeOffset receivedAt)
    {
        var sentAt = VapiTime.Plausible(message.Timestamp) ?? receivedAt;
        return new CallEvent(
            CallRef(message)!, id, CallEventSource.Vapi, BoundedText.Cut(message.Type, BoundedText.Id) ?? "unknown", EventTypes.KindOf(message.Kind), sentAt, receivedAt,
            BoundedText.Whole(message.Call?.PhoneCallProviderId, BoundedText.Id), MessageFacts.Of(message, id, sentAt));
    }

    private static string? CallRef(VapiMessage message) => EventTypes.IsOfNoCall(message.Kind) ? null : BoundedText.Whole(message.Call?.Id, BoundedText.Id);

    private static bool IsPartial(VapiMessage message) => message.Kind == VapiMessageKind.Transcript && message.TranscriptType == "partial";

    private static RedactionPlan PlanOf(ReadOnlyMemory<byte> body, VapiMessage message, bool isPartial, ContentPolicy policy)
    {
        var bringsHistory = message.Kind is VapiMessageKind.EndOfCallReport or VapiMessageKind.ConversationUpdate
            || (message.Kind == VapiMessageKind.StatusUpdate && message.Status is "ended" or "forwarding");
        return new RedactionPlan(
            bringsHistory && policy.StoreContent ? HistoryOutline.BestOf(body, wrapped: true) : HistoryCopy.None,
            isPartial ? TextMode.Growing : message.Kind == VapiMessageKind.ModelOutput ? TextMode.Piece : TextMode.Whole);
    }

    /// <summary>Null when the call is over: nobody is there to be told anything.</summary>
    private static Sensitive<string>? ControlUrl(VapiMessage message) =>
        !EventTypes.IsEnd(message.Kind, message.Status) && BoundedText.Whole(message.Call?.ControlUrl?.Reveal(), BoundedText.Address) is { } url ? Sensitive.Of(url) : null;
}
