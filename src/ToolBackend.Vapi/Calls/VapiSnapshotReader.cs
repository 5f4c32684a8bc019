using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;
using ToolBackend.Core.Calls.Events;
using ToolBackend.Core.Observability;
using ToolBackend.Vapi.Calls.Facts;
using ToolBackend.Vapi.Calls.Redaction;
using ToolBackend.Vapi.Messages;

namespace ToolBackend.Vapi.Calls;

/// <summary>
/// From a call as Vapi's REST API shows it (<c>GET /call/{id}</c>) to an event: what a lost report would have said. Here <c>status</c> is true, other than in messages.
/// </summary>
public static class VapiSnapshotReader
{
    public const string Type = "call-snapshot";

    private static readonly JsonDocumentOptions s_options = new() { MaxDepth = JsonCursor.MaxDepth };

    /// <summary>As for <see cref="Read(ReadOnlyMemory{byte}, DateTimeOffset, ContentPolicy)"/>.</summary>
    public static ReportedEvent? Read(JsonObject call, DateTimeOffset askedAt, ContentPolicy policy)
    {
        var output = new ArrayBufferWriter<byte>();
        try
        {
            using var writer = new Utf8JsonWriter(output);
            call.WriteTo(writer);
        }
        catch (InvalidOperationException)
        {
            // A half surrogate pair in a string, which a node holds and cannot write.
            return null;
        }

        return Read(output.WrittenMemory, askedAt, policy);
    }

    /// <param name="json">The answer's body: one call as UTF-8 JSON.</param>
    /// <param name="askedAt">The event's time, if the call does not say when it was last changed.</param>
    /// <returns>Null when it is no call: not an object of valid UTF-8 JSON, or without a usable id.</returns>
    public static ReportedEvent? Read(ReadOnlyMemory<byte> json, DateTimeOffset askedAt, ContentPolicy policy)
    {
        if (!Utf8.IsValid(json.Span))
        {
            return null;
        }

        try
        {
            var history = policy.StoreContent ? HistoryOutline.BestOf(json, wrapped: false) : HistoryCopy.None;
            var redacted = MessageRedactor.Redact(json, Place.Message, new RedactionPlan(history)).Body;
            using var document = JsonDocument.Parse(redacted, s_options);
            var call = document.RootElement;
            if (call.Get("id"u8).Id() is not { } id)
            {
                return null;
            }

            var facts = FactsOf(call, policy.StoreContent);
            var @event = new CallEvent(
                id, MessageIds.OfSnapshot(id, call.Get("updatedAt"u8).Id(), facts.Status), CallEventSource.Api, Type, CallEventKind.Snapshot,
                call.Get("updatedAt"u8).Time() ?? facts.Report?.EndedAt ?? askedAt, askedAt,
                call.Get("phoneCallProviderId"u8).Id() ?? call.Get("transport"u8).Get("callSid"u8).Id(), facts);
            return new ReportedEvent(@event, policy.StoreContent && redacted.Length <= policy.MaxBodyBytes ? redacted.ToArray() : null, ControlUrl(json, facts.Status));
        }
        catch (JsonException)
        {
            // Not a call; the asker knows which one it asked for and asks again.
            return null;
        }
    }

    private static CallFacts FactsOf(JsonElement call, bool withContent)
    {
        var identity = PartyFacts.Identity(call);
        var facts = new CallFacts
        {
            Call = identity,
            Status = call.Get("status"u8).Id(BoundedText.Word),
            EndedReason = call.Get("endedReason"u8).Id(BoundedText.Name),
            Assistant = PartyFacts.Assistant(call.Get("assistant"u8), identity.AssistantId, identity.SquadId),
            Transfer = PartyFacts.Transfer(call.Get("destination"u8), null, null, null),
            Report = ReportReader.Of(call, withContent),
        };
        return MessageFacts.WithConversation(facts, call, withContent);
    }

    private static Sensitive<string>? ControlUrl(ReadOnlyMemory<byte> json, string? status) =>
        status != "ended" && BoundedText.Whole(ReadControlUrl(json), BoundedText.Address) is { } url ? Sensitive.Of(url) : null;

    /// <summary>Redaction has left the address out of everything else.</summary>
    private static string? ReadControlUrl(ReadOnlyMemory<byte> json)
    {
        var cursor = new JsonCursor(json);
        cursor.Read();
        Span<byte> scratch = stackalloc byte[64];
        while (cursor.NextProperty())
        {
            if (!cursor.Name(scratch).SequenceEqual("monitor"u8))
            {
                cursor.SkipValue();
                continue;
            }

            try
            {
                return CallReader.ReadMember(ref cursor, "controlUrl"u8);
            }
            catch (MalformedException)
            {
                // Too long for an address, or no text: a call that cannot be controlled.
                return null;
            }
        }

        return null;
    }
}
