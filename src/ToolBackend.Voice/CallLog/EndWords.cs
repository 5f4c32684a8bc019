using ToolBackend.Voice.Sessions;

namespace ToolBackend.Voice.CallLog;

/// <summary>The session's word for a call's end, as the call log has it: Vapi's own where one fits, else one of <c>pipeline.*</c> (<c>EndedReasons</c> sorts both).</summary>
internal static class EndWords
{
    public const string Forwarded = "assistant-forwarded-call";

    private const string ProviderPrefix = "pipeline-error-";

    /// <param name="reason">Null when the session broke off without one.</param>
    public static string Of(string? reason) => reason switch
    {
        null => "pipeline.error-session-failed",
        "pipeline-error" => "pipeline.provider-reply-failed",
        "pipeline-stopped" => "pipeline.drained",
        CallRegistry.StreamLost => "pipeline.error-stream-lost",
        CallRegistry.StreamSilent => "pipeline.error-stream-silent",
        "twilio-stream-refused" => "pipeline.error-stream-refused",
        _ when reason.StartsWith(ProviderPrefix, StringComparison.Ordinal) => "pipeline.provider-" + reason[ProviderPrefix.Length..],
        _ => reason,
    };
}
