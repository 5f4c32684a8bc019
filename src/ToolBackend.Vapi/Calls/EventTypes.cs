using ToolBackend.Core.Calls.Events;
using ToolBackend.Vapi.Messages;

namespace ToolBackend.Vapi.Calls;

/// <summary>The core's kind of each of Vapi's types, and which types are too frequent to keep.</summary>
internal static class EventTypes
{
    public static CallEventKind KindOf(VapiMessageKind kind) => kind switch
    {
        VapiMessageKind.StatusUpdate => CallEventKind.Status,
        VapiMessageKind.EndOfCallReport => CallEventKind.Report,
        VapiMessageKind.AssistantStarted => CallEventKind.AssistantStarted,
        VapiMessageKind.Transcript => CallEventKind.Transcript,
        VapiMessageKind.ConversationUpdate => CallEventKind.Conversation,
        VapiMessageKind.ToolCalls or VapiMessageKind.FunctionCall => CallEventKind.ToolCalls,
        VapiMessageKind.TransferUpdate => CallEventKind.Transfer,
        VapiMessageKind.UserInterrupted => CallEventKind.Interruption,
        VapiMessageKind.Hang => CallEventKind.Hang,
        VapiMessageKind.AssistantRequest => CallEventKind.AssistantRequest,
        VapiMessageKind.TransferDestinationRequest or VapiMessageKind.HandoffDestinationRequest => CallEventKind.DestinationRequest,
        VapiMessageKind.PhoneCallControl => CallEventKind.Control,
        VapiMessageKind.CallDeleted => CallEventKind.Deleted,
        VapiMessageKind.CallArtifactUpload => CallEventKind.Artifact,
        VapiMessageKind.LanguageChanged => CallEventKind.Language,
        _ => CallEventKind.Other,
    };

    /// <summary>Messages that belong to a text chat, a session or a campaign.</summary>
    public static bool IsOfNoCall(VapiMessageKind kind) => kind is VapiMessageKind.Chat or VapiMessageKind.Session or VapiMessageKind.CampaignPredial;

    /// <summary>Many a second while someone speaks, or one for each model turn. (A transcript is, when it is partial.)</summary>
    public static bool IsHighFrequency(VapiMessageKind kind) => kind
        is VapiMessageKind.SpeechUpdate or VapiMessageKind.ModelOutput or VapiMessageKind.VoiceInput or VapiMessageKind.AssistantSpeechStarted
        or VapiMessageKind.KnowledgeBaseRequest or VapiMessageKind.VoiceRequest or VapiMessageKind.EndpointingRequest;

    /// <summary>Types whose answer is awaited: their events are made from what the answer needed, and told apart by it.</summary>
    public static bool IsAwaited(VapiMessageKind kind) => kind
        is VapiMessageKind.ToolCalls or VapiMessageKind.FunctionCall or VapiMessageKind.AssistantRequest
        or VapiMessageKind.TransferDestinationRequest or VapiMessageKind.HandoffDestinationRequest;

    /// <summary>The call is over and takes no more commands.</summary>
    public static bool IsEnd(VapiMessageKind kind, string? status) =>
        kind is VapiMessageKind.EndOfCallReport or VapiMessageKind.CallDeleted || (kind == VapiMessageKind.StatusUpdate && status == "ended");
}
