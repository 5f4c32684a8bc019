using System.Text.Json.Nodes;

namespace ToolBackend.Vapi.Definitions.Checks;

/// <summary>
/// What a caller would miss when our own pipeline takes the call over: fields that Vapi honours and the pipeline does not. What only concerns Vapi's own side
/// (artifacts, monitors, messages to servers) is left out; nobody on the phone hears it.
/// </summary>
internal static class FallbackSupport
{
    private static readonly string[] s_transcribers = ["deepgram", "assembly-ai"];
    private static readonly string[] s_models = ["groq", "together-ai", "fireworks"];
    private static readonly string[] s_voices = ["11labs", "deepgram"];
    private static readonly string[] s_tools = ["function", "transferCall", "endCall", "dtmf"];

    private static readonly string[] s_handoffs = ["assistantOverrides", "variableExtractionPlan"];

    /// <summary>Paths of an assistant, and what is missing there.</summary>
    private static readonly (string Path, Func<JsonNode, bool> When, string Missing)[] s_missing =
    [
        ("backgroundSound", value => value.AsText() != "off", "it plays no background sound"),
        ("backgroundSpeechDenoisingPlan", _ => true, "it does not remove noise"),
        ("compliancePlan.hipaaEnabled", IsTrue, "it has no HIPAA mode"),
        ("compliancePlan.pciEnabled", IsTrue, "it has no PCI mode"),
        ("compliancePlan.securityFilterPlan", _ => true, "it does not filter what callers say"),
        ("compliancePlan.recordingConsentPlan.voice", _ => true, "it asks in the assistant's voice"),
        ("compliancePlan.recordingConsentPlan.declineToolId", _ => true, "it goes on without recording when the caller declines, or ends the call when declineTool is endCall"),
        ("compliancePlan.recordingConsentPlan.declineTool.type", value => value.AsText() != "endCall", "it goes on without recording when the caller declines, or ends the call when declineTool is endCall"),
        ("startSpeakingPlan.smartEndpointingPlan", _ => true, "it ends turns by the transcription plan and the custom rules"),
        ("startSpeakingPlan.smartEndpointingEnabled", IsTrue, "it ends turns by the transcription plan and the custom rules"),
        ("transcriber.provider", value => !s_transcribers.Contains(value.AsText()), "it transcribes with Deepgram or AssemblyAI"),
        ("model.provider", value => !s_models.Contains(value.AsText()), "it asks Groq, Together or Fireworks (see fallback.models)"),
        ("model.knowledgeBase", _ => true, "it asks no knowledge base"),
        ("model.emotionRecognitionEnabled", IsTrue, "it does not recognise emotions"),
        ("model.numFastTurns", _ => true, "it has no faster model for the first turns"),
        ("model.toolRefs", _ => true, "it always uses the tool as the files have it"),
        ("voice.provider", value => !s_voices.Contains(value.AsText()), "it speaks with ElevenLabs or Deepgram"),
        ("voice.model", value => value.AsText() == "eleven_v3", "ElevenLabs does not stream eleven_v3"),
    ];

    public static void Run(CheckRun run)
    {
        foreach (var squad in run.Definitions.Of(ResourceKind.Squad))
        {
            Squad(run, squad);
        }

        foreach (var assistant in run.Definitions.Of(ResourceKind.Assistant))
        {
            foreach (var (path, when, missing) in s_missing)
            {
                if (assistant.Body.At(path) is { } value && when(value))
                {
                    Warn(run, assistant, path, missing);
                }
            }
            Hooks(run, assistant);
            foreach (var (owner, tool, path) in run.ToolsOf(assistant))
            {
                Tool(run, owner, tool, path);
            }
        }
    }

    private static void Squad(CheckRun run, ResourceDefinition squad)
    {
        Overrides(run, squad, squad.Body, "membersOverrides");
        foreach (var (member, path) in squad.Body.ObjectsAt("members"))
        {
            if (member["assistant"] is not null)
            {
                Warn(run, squad, path + ".assistant", "it takes members that have files of their own");
            }

            if (member["assistantVersion"] is not null)
            {
                Warn(run, squad, path + ".assistantVersion", "it always uses the assistant as the files have it");
            }

            Overrides(run, squad, member, "assistantOverrides", path);
            foreach (var (destination, at) in member.ObjectsAt("assistantDestinations"))
            {
                if (destination.TextAt("assistantName") is null)
                {
                    Warn(run, squad, $"{path}.{at}", "it hands over to members by assistantName");
                }

                if (destination.TextAt("contextEngineeringPlan.type") is { } plan and not "all")
                {
                    Warn(run, squad, $"{path}.{at}.contextEngineeringPlan.type", $"there the next member knows all that was said, not {plan}");
                }

                foreach (var missing in s_handoffs.Where(name => destination[name] is JsonObject { Count: > 0 }))
                {
                    Warn(run, squad, $"{path}.{at}.{missing}", "it hands over the conversation and nothing else");
                }
            }
        }
    }

    /// <summary>Values of templates are honoured.</summary>
    private static void Overrides(CheckRun run, ResourceDefinition squad, JsonObject owner, string name, string? path = null)
    {
        if (owner[name] is JsonObject overrides && overrides.Any(o => o.Key != "variableValues"))
        {
            Warn(run, squad, path is null ? name : $"{path}.{name}", "it takes members as their own files have them, but for variableValues");
        }
    }

    private static void Hooks(CheckRun run, ResourceDefinition assistant)
    {
        foreach (var (hook, path) in assistant.Body.ObjectsAt("hooks"))
        {
            if (hook.TextAt("on") is { } on && !on.StartsWith("customer.speech.timeout", StringComparison.Ordinal))
            {
                Warn(run, assistant, path + ".on", $"it has no hook {on}");
                continue;
            }
            foreach (var (action, actionPath) in hook.ObjectsAt("do").Where(a => a.Item.TextAt("type") != "say" || a.Item["exact"] is null))
            {
                Warn(run, assistant, $"{path}.{actionPath}", "a hook can only say an exact text there");
            }
        }
    }

    private static void Tool(CheckRun run, ResourceDefinition owner, JsonObject tool, string path)
    {
        if (tool.TextAt("type") is { } type && !s_tools.Contains(type))
        {
            Warn(run, owner, ReferenceCheck.Under(path, "type"), $"it has no tools of type {type}");
        }
        if (tool.ObjectAt("variableExtractionPlan.schema") is { Count: > 0 })
        {
            Warn(run, owner, ReferenceCheck.Under(path, "variableExtractionPlan.schema"), "it takes variables from results by aliases only");
        }
        if (tool.TextAt("type") is "transferCall")
        {
            Destinations(run, owner, tool, path);
        }

        if (tool["rejectionPlan"] is JsonObject { Count: > 0 })
        {
            Warn(run, owner, ReferenceCheck.Under(path, "rejectionPlan"), "it does not reject calls of tools");
        }
    }

    private static void Destinations(CheckRun run, ResourceDefinition owner, JsonObject tool, string path)
    {
        foreach (var (destination, at) in tool.ObjectsAt("destinations"))
        {
            if (destination.TextAt("type") is { } type and not "number")
            {
                Warn(run, owner, ReferenceCheck.Under(path, at + ".type"), "it transfers to numbers only");
            }
            else if (destination.TextAt("transferPlan.mode") is { } mode and not ("blind-transfer" or "warm-transfer-say-message"))
            {
                Warn(run, owner, ReferenceCheck.Under(path, at + ".transferPlan.mode"), "it connects at once, or says the plan's message before");
            }
        }
    }

    private static void Warn(CheckRun run, ResourceDefinition resource, string path, string missing) =>
        run.Warning(resource, path, Rules.Fallback, $"the fallback pipeline cannot honour {path}: {missing}", "nothing, if that is good enough while Vapi is down");

    private static bool IsTrue(JsonNode value) => value is JsonValue flag && flag.TryGetValue(out bool set) && set;
}
