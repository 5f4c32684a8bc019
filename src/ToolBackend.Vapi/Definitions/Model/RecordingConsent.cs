using System.Text.Json.Nodes;

namespace ToolBackend.Vapi.Definitions.Model;

/// <summary>How an assistant asks before it records (<c>compliancePlan.recordingConsentPlan</c>).</summary>
/// <param name="IsVerbal">The caller must say yes. Otherwise who has heard the message and stays on the line agrees.</param>
/// <param name="Message">What the caller is told or asked. Still has its templates.</param>
/// <param name="EndsWhenDeclined">The plan's <c>declineTool</c> is <c>endCall</c>: a call that may not be recorded is not held.</param>
public sealed record RecordingConsent(bool IsVerbal, string Message, bool EndsWhenDeclined)
{
    public string Type => IsVerbal ? "verbal" : "stay-on-line";

    /// <summary>Null without a plan, or with one that has no message to agree to.</summary>
    internal static RecordingConsent? Of(JsonObject body) => body.ObjectAt("compliancePlan.recordingConsentPlan") is { } plan && plan.TextAt("message")?.Trim() is { Length: > 0 } message
        ? plan.TextAt("type") switch
        {
            "verbal" => new RecordingConsent(true, message, plan.TextAt("declineTool.type") is "endCall"),
            "stay-on-line" => new RecordingConsent(false, message, false),
            _ => null,
        }
        : null;
}
