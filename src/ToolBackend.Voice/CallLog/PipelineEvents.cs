using ToolBackend.Core.Calls.Events;
using ToolBackend.Vapi.Calls;
using ToolBackend.Vapi.Messages;

namespace ToolBackend.Voice.CallLog;

/// <summary>
/// From the pipeline's messages to events. They have the shape of Vapi's and go the same way, so that the same is kept of them, the same is masked in them, and their ids are made alike.
/// </summary>
internal static class PipelineEvents
{
    /// <summary>The pipeline's id of a call: this and the carrier's id. Not the carrier's alone, which names the whole call and not our side of it.</summary>
    public const string RefPrefix = "own-";

    /// <param name="leg">Of the call's streams with us or with others, from 1.</param>
    public static string RefOf(string callSid, int leg) => RefPrefix + callSid + (leg > 1 ? $"-{leg}" : "");

    /// <summary>Null when it cannot be read, which is a bug of its writer.</summary>
    public static ReadEvent? Read(CallMessage message, ContentPolicy policy)
    {
        if (!VapiMessageReader.TryRead(message.Json, out var read, out _) || VapiEventReader.Read(message.Json, read, message.At, policy) is not { } result)
        {
            return null;
        }

        return result.ToStore is { } stored ? result with { ToStore = stored with { Event = stored.Event with { Source = CallEventSource.Pipeline } } } : result;
    }
}
