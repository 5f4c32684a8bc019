namespace ToolBackend.Vapi.Messages;

/// <summary>The server messages of Vapi. New types appear without notice, so <see cref="Unknown"/> is ordinary and answered 200 with <c>{}</c>.</summary>
public enum VapiMessageKind
{
    Unknown,
    ToolCalls,
    AssistantRequest,
    TransferDestinationRequest,
    HandoffDestinationRequest,
    KnowledgeBaseRequest,
    VoiceRequest,
    EndpointingRequest,
    CampaignPredial,
    FunctionCall,
    StatusUpdate,
    EndOfCallReport,
    AssistantStarted,
    AssistantSpeechStarted,
    ConversationUpdate,
    SpeechUpdate,
    UserInterrupted,
    Hang,
    Transcript,
    ModelOutput,
    TransferUpdate,
    LanguageChanged,
    VoiceInput,
    PhoneCallControl,
    Chat,
    Session,
    CallDeleted,
    CallDeleteFailed,
    CallArtifactUpload,
}

/// <summary>Maps the wire's <c>type</c> to a kind.</summary>
internal static class VapiMessageKinds
{
    public static VapiMessageKind Of(string type) => type switch
    {
        "tool-calls" => VapiMessageKind.ToolCalls,
        "assistant-request" => VapiMessageKind.AssistantRequest,
        "transfer-destination-request" => VapiMessageKind.TransferDestinationRequest,
        "handoff-destination-request" => VapiMessageKind.HandoffDestinationRequest,
        "knowledge-base-request" => VapiMessageKind.KnowledgeBaseRequest,
        "voice-request" => VapiMessageKind.VoiceRequest,
        "call.endpointing.request" => VapiMessageKind.EndpointingRequest,
        "campaign.predial" => VapiMessageKind.CampaignPredial,
        "function-call" => VapiMessageKind.FunctionCall,
        "status-update" => VapiMessageKind.StatusUpdate,
        "end-of-call-report" => VapiMessageKind.EndOfCallReport,
        "assistant.started" => VapiMessageKind.AssistantStarted,
        "assistant.speechStarted" => VapiMessageKind.AssistantSpeechStarted,
        "conversation-update" => VapiMessageKind.ConversationUpdate,
        "speech-update" => VapiMessageKind.SpeechUpdate,
        "user-interrupted" => VapiMessageKind.UserInterrupted,
        "hang" => VapiMessageKind.Hang,
        "transcript" => VapiMessageKind.Transcript,
        "model-output" => VapiMessageKind.ModelOutput,
        "transfer-update" => VapiMessageKind.TransferUpdate,
        "language-changed" or "language-change-detected" => VapiMessageKind.LanguageChanged,
        "voice-input" => VapiMessageKind.VoiceInput,
        "phone-call-control" => VapiMessageKind.PhoneCallControl,
        "chat.created" or "chat.deleted" => VapiMessageKind.Chat,
        "session.created" or "session.updated" or "session.deleted" => VapiMessageKind.Session,
        "call.deleted" => VapiMessageKind.CallDeleted,
        "call.delete.failed" => VapiMessageKind.CallDeleteFailed,
        "call.artifact.upload" => VapiMessageKind.CallArtifactUpload,
        // A subscription to transcript[transcriptType="final"] arrives with that very text as its type.
        _ when type.StartsWith("transcript[", StringComparison.Ordinal) => VapiMessageKind.Transcript,
        _ => VapiMessageKind.Unknown,
    };
}
