using System.Collections.Frozen;

namespace ToolBackend.LocalStack.Simulators.Vapi.Calls;

/// <summary>Names of the messages that Vapi sends to a server, as an assistant's <c>serverMessages</c> lists them.</summary>
public static class ServerMessageTypes
{
    public const string FinalTranscript = "transcript[transcriptType=\"final\"]";

    /// <summary>The 28 values that may be asked for.</summary>
    public static IReadOnlyList<string> Subscribable { get; } =
    [
        "assistant.started", "assistant.speechStarted", "conversation-update", "end-of-call-report", "function-call", "hang", "language-changed",
        "language-change-detected", "model-output", "phone-call-control", "speech-update", "status-update", "transcript", FinalTranscript, "tool-calls",
        "transfer-destination-request", "handoff-destination-request", "transfer-update", "user-interrupted", "voice-input", "chat.created", "chat.deleted",
        "session.created", "session.updated", "session.deleted", "call.deleted", "call.delete.failed", "call.artifact.upload",
    ];

    /// <summary>Sent whatever the assistant asks for, where its other settings cause them.</summary>
    public static IReadOnlyList<string> AlwaysSent { get; } = ["assistant-request", "tool-calls", "knowledge-base-request", "voice-request", "call.endpointing.request", "campaign.predial"];

    /// <summary>What an assistant without <c>serverMessages</c> sends.</summary>
    public static IReadOnlyList<string> Default { get; } =
    [
        "conversation-update", "end-of-call-report", "function-call", "hang", "speech-update", "status-update", "tool-calls",
        "transfer-destination-request", "handoff-destination-request", "user-interrupted", "assistant.started",
    ];

    /// <summary>What ToolBackend's definitions ask for: no chatter, final transcripts only.</summary>
    public static IReadOnlyList<string> Lean { get; } =
    [
        "status-update", "end-of-call-report", "tool-calls", "transfer-destination-request", "hang", "user-interrupted", "assistant.started", "transfer-update", FinalTranscript,
    ];

    /// <summary>Vapi waits for the answer to these before the call goes on.</summary>
    public static FrozenSet<string> NeedAnswer { get; } = FrozenSet.ToFrozenSet(
        [
            "assistant-request", "tool-calls", "function-call", "transfer-destination-request", "handoff-destination-request",
            "knowledge-base-request", "voice-request", "call.endpointing.request", "campaign.predial",
        ],
        StringComparer.Ordinal);
}
