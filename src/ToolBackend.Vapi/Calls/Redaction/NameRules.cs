namespace ToolBackend.Vapi.Calls.Redaction;

/// <summary>What becomes of a member: pure, by its name and where it stands.</summary>
internal static class NameRules
{
    public static NameRule Of(Place place, ReadOnlySpan<byte> utf8Name, in RedactionPlan plan)
    {
        Span<char> buffer = stackalloc char[SecretNames.MaxLength];
        var name = SecretNames.Normalize(utf8Name, buffer);
        return SecretNames.IsSecretNormal(name) ? NameRule.Masked : place switch
        {
            Place.Content => NameRule.Kept(Place.Content),
            Place.Scalar => NameRule.Dropped,
            Place.Root => NameRule.Kept(name is "message" ? Place.Message : Place.Other),
            Place.Assistant => InAssistant(name),
            Place.Engine => name is "provider" or "model" ? NameRule.Kept(Place.Scalar) : NameRule.Dropped,
            Place.Server => name is "url" or "timeoutseconds" ? NameRule.Kept(Place.Scalar) : NameRule.Dropped,
            Place.ToolCalls => InToolCalls(name),
            Place.Message or Place.Artifact => InMessage(place, name, utf8Name, plan),
            Place.Call when name is "messages" or "transcript" or "artifact" or "analysis" or "summary" or "costs" => NameRule.Dropped,
            Place.Keys when name is "result" or "message" or "content" => NameRule.Masked,
            Place.History or Place.Keys when name is "metadata" or "originalmessage" => NameRule.Dropped,
            Place.History when name is "function" => NameRule.Kept(Place.ToolCalls),
            Place.Party when name is "number" or "extension" or "callerid" or "sipuri" => NameRule.Kept(Place.Identifier),
            Place.Party when name is "transferplan" or "fallbackdestination" or "hooks" => NameRule.Dropped,
            _ => Elsewhere(name, utf8Name),
        };
    }

    private static NameRule InAssistant(ReadOnlySpan<char> name) => name switch
    {
        "id" or "name" or "maxdurationseconds" => NameRule.Kept(Place.Scalar),
        "model" or "voice" or "transcriber" => NameRule.Kept(Place.Engine),
        _ => NameRule.Dropped,
    };

    private static NameRule InToolCalls(ReadOnlySpan<char> name) => name switch
    {
        "id" or "type" or "name" or "isprecededbytext" => NameRule.Kept(Place.Scalar),
        "function" or "toolcall" => NameRule.Kept(Place.ToolCalls),
        _ => NameRule.Dropped,
    };

    private static NameRule InMessage(Place place, ReadOnlySpan<char> name, ReadOnlySpan<byte> utf8Name, in RedactionPlan plan)
    {
        var inArtifact = place == Place.Artifact;
        var copy = name switch
        {
            "messages" => inArtifact ? HistoryCopy.ArtifactMessages : HistoryCopy.Messages,
            "messagesopenaiformatted" => inArtifact ? HistoryCopy.ArtifactOpenAi : HistoryCopy.OpenAi,
            "conversation" when !inArtifact => HistoryCopy.Conversation,
            "transcript" when inArtifact => HistoryCopy.ArtifactTranscript,
            // With a history the text of a report says nothing new; a transcript message has no history.
            "transcript" when plan.History != HistoryCopy.None => HistoryCopy.Transcript,
            _ => HistoryCopy.None,
        };
        if (copy != HistoryCopy.None)
        {
            return copy != plan.History ? NameRule.Dropped : NameRule.Kept(copy is HistoryCopy.Transcript or HistoryCopy.ArtifactTranscript ? Place.Content : Place.History);
        }

        return name switch
        {
            "transcript" or "summary" or "text" or "input" or "parameters" or "structuredoutputs" or "scorecards" => NameRule.Kept(Place.Content),
            // A model's output is text, or the tool calls that it wants.
            "output" => NameRule.Kept(Place.ToolCalls),
            "analysis" => NameRule.Kept(Place.Content),
            "variables" or "variablevalues" or "nodes" or "originaltranscript" or "timing" => NameRule.Dropped,
            _ => Elsewhere(name, utf8Name),
        };
    }

    private static NameRule Elsewhere(ReadOnlySpan<char> name, ReadOnlySpan<byte> utf8Name)
    {
        switch (name)
        {
            case "call":
                return NameRule.Kept(Place.Call);
            case "artifact":
                return NameRule.Kept(Place.Artifact);
            case "assistant" or "newassistant" or "fromassistant" or "toassistant":
                return NameRule.Kept(Place.Assistant);
            case "model" or "voice" or "transcriber":
                return NameRule.Kept(Place.Engine);
            case "customer" or "phonenumber" or "destination" or "contact":
                return NameRule.Kept(Place.Party);
            case "server":
                return NameRule.Kept(Place.Server);
            case "messages":
                return NameRule.Kept(Place.History);
            case "toolcalls" or "toolcalllist" or "functioncall":
                return NameRule.Kept(Place.ToolCalls);
            case "message" or "content" or "result" or "transcript" or "structureddata" or "metadata" or "error":
                return NameRule.Kept(Place.Content);
            case "messagesopenaiformatted" or "conversation" or "toolwithtoolcalllist" or "tools" or "functions" or "arguments" or "assistantoverrides" or "squad" or "squadoverrides"
                or "membersoverrides" or "workflow" or "workflowoverrides" or "artifactplan" or "analysisplan" or "systemprompt" or "prompt" or "assistantrequestresponse"
                or "words" or "wordlevelconfidence" or "wordstimes":
                return NameRule.Dropped;
            default:
                return NameRule.Kept(IsIdentifier(utf8Name) ? Place.Identifier : Place.Other);
        }
    }

    private static bool IsIdentifier(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("id"u8) || name.EndsWith("Id"u8) || name.EndsWith("Ids"u8) || name.EndsWith("Sid"u8) || name.EndsWith("_id"u8);
}
