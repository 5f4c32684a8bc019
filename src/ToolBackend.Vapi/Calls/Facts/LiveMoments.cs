using System.Text.Json;
using ToolBackend.Core.Calls.Events;
using ToolBackend.Vapi.Messages;

namespace ToolBackend.Vapi.Calls.Facts;

/// <summary>What a message tells those who watch the call now.</summary>
internal static class LiveMoments
{
    /// <summary>Null for messages that are seen as a change of the call.</summary>
    /// <param name="facts">The message's facts.</param>
    /// <param name="json">The message as redaction left it; undefined when it could not be read.</param>
    public static LiveMoment? Of(VapiMessage message, string callRef, string type, DateTimeOffset at, CallFacts facts, JsonElement json, bool withContent)
    {
        var moment = new LiveMoment(callRef, type, at, MessageFacts.Role(json));
        return message.Kind switch
        {
            VapiMessageKind.Transcript => moment with { Text = Text(json, "transcript"u8) },
            VapiMessageKind.ConversationUpdate when facts.Conversation is [.., var newest] => moment with { Role = newest.Role, Text = newest.Text },
            VapiMessageKind.ConversationUpdate => moment,
            // Who starts and stops is no content.
            VapiMessageKind.SpeechUpdate => moment with { Text = facts.Detail },
            VapiMessageKind.ModelOutput => moment with { Role = "assistant", Text = Text(json, "output"u8) },
            VapiMessageKind.VoiceInput => moment with { Role = "assistant", Text = Text(json, "input"u8) },
            VapiMessageKind.AssistantSpeechStarted => moment with { Role = "assistant", Text = Text(json, "text"u8) },
            VapiMessageKind.KnowledgeBaseRequest or VapiMessageKind.VoiceRequest or VapiMessageKind.EndpointingRequest => moment,
            _ => null,
        };

        string? Text(JsonElement holder, ReadOnlySpan<byte> name) => withContent ? holder.Get(name).Sentence(ConversationFacts.MaxTextLength) : null;
    }
}
