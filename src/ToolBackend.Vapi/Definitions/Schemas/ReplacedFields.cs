using System.Collections.Frozen;

namespace ToolBackend.Vapi.Definitions.Schemas;

/// <summary>Fields that older objects and articles have and that Vapi's API no longer takes, and what stands in their place.</summary>
internal static class ReplacedFields
{
    private static readonly FrozenDictionary<string, string> Successors = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["eagerEotThreshold"] = "move it to fallback.eagerEotThreshold: Vapi no longer takes it",
        ["serverUrl"] = "write server: with url",
        ["serverUrlSecret"] = "write server.credentialId and a file in credentials/",
        ["secret"] = "write credentialId and a file in credentials/",
        ["silenceTimeoutSeconds"] = "write a customer.speech.timeout hook",
        ["messagePlan"] = "write a customer.speech.timeout hook",
        ["endCallFunctionEnabled"] = "name a tool of type endCall in model.toolIds",
        ["dialKeypadFunctionEnabled"] = "name a tool of type dtmf in model.toolIds",
        ["forwardingPhoneNumber"] = "name a tool of type transferCall in model.toolIds",
        ["recordingEnabled"] = "write artifactPlan.recordingEnabled",
        ["hipaaEnabled"] = "write compliancePlan.hipaaEnabled",
        ["backgroundDenoisingEnabled"] = "write backgroundSpeechDenoisingPlan",
        ["systemPrompt"] = "write the prompt below the front matter",
        ["functions"] = "write tools/NAME.yaml and name it in model.toolIds",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>What to do instead; null when the field is simply unknown.</summary>
    public static string? Advice(string field) => Successors.GetValueOrDefault(field);
}
