using System.Text.Json.Nodes;

namespace ToolBackend.Vapi.Definitions.Model;

public enum FirstMessageMode
{
    AssistantSpeaksFirst,
    AssistantSpeaksFirstWithModelGeneratedMessage,
    AssistantWaitsForUser,
}

/// <summary>One message that stands before the conversation. Its text still has its templates.</summary>
public sealed record PromptMessage(string Role, string Content);

/// <summary>The language model. Provider and name as Vapi (or <c>fallback.models</c>) calls them.</summary>
public sealed record LanguageModel(string Provider, string Name)
{
    /// <summary>0 to 2; null leaves it to the provider.</summary>
    public double? Temperature { get; init; }

    /// <summary>Default 250, as Vapi's. Reasoning counts.</summary>
    public int MaxTokens { get; init; } = 250;
}

/// <summary>What is said when the caller stays silent (a <c>customer.speech.timeout</c> hook).</summary>
/// <param name="Texts">One is chosen at random.</param>
/// <param name="MaxCount">How often per silence, or per call without <paramref name="ResetOnSpeech"/>.</param>
public sealed record SilencePrompt(IReadOnlyList<string> Texts, TimeSpan After, int MaxCount, bool ResetOnSpeech);

/// <summary>Digits that the caller presses.</summary>
/// <param name="Delimiters">A key that ends the input: "#", "*" or none.</param>
public sealed record KeypadInput(bool Enabled, TimeSpan Timeout, string Delimiters);

/// <summary>
/// What our own pipeline honours of an assistant, with Vapi's defaults where the files are silent. Lenient: a value of the wrong type counts as absent. Everything
/// else is in <see cref="Definition"/>, untouched.
/// </summary>
public sealed record AssistantModel(ResourceDefinition Definition)
{
    public string Name => Definition.VapiName;

    /// <summary>Vapi's name of the squad that it is a member of here, with the handoffs of that squad among its <see cref="Tools"/>; null: it is alone.</summary>
    public string? Squad { get; init; }

    /// <summary>Its name, behind that of its squad if it is in one: <c>receptionist</c>, <c>front-office/receptionist</c>.</summary>
    public string Key => Squad is null ? Name : KeyOf(Squad, Name);

    /// <summary>Null: the assistant waits for the caller.</summary>
    public string? FirstMessage { get; init; }

    public FirstMessageMode FirstMessageMode { get; init; }

    /// <summary>Default false.</summary>
    public bool FirstMessageInterruptionsEnabled { get; init; }

    /// <summary>Default 10 minutes.</summary>
    public TimeSpan MaxDuration { get; init; } = TimeSpan.FromSeconds(600);

    public string? EndCallMessage { get; init; }

    /// <summary>The call ends when the assistant says one of these, in any case.</summary>
    public IReadOnlyList<string> EndCallPhrases { get; init; } = [];

    public string? VoicemailMessage { get; init; }

    /// <summary>Of a call that we place: find out whether a machine answers.</summary>
    public bool DetectsVoicemail { get; init; }

    /// <summary>Types of messages that Vapi sends to our server.</summary>
    public IReadOnlyList<string> ServerMessages { get; init; } = [];

    /// <summary>The system prompt first.</summary>
    public IReadOnlyList<PromptMessage> Messages { get; init; } = [];

    /// <summary>Null when the files name none.</summary>
    public LanguageModel? Model { get; init; }

    public TranscriberModel? Transcriber { get; init; }

    public VoiceModel? Voice { get; init; }

    public StartSpeaking StartSpeaking { get; init; } = new();

    public StopSpeaking StopSpeaking { get; init; } = new();

    public IReadOnlyList<SilencePrompt> SilencePrompts { get; init; } = [];

    public KeypadInput Keypad { get; init; } = new(false, TimeSpan.FromSeconds(2), "");

    /// <summary>Saved and inline tools, in the assistant's order.</summary>
    public IReadOnlyList<ToolModel> Tools { get; init; } = [];

    /// <summary>Where calls of tools go that have no server of their own and are not in the catalog.</summary>
    public ToolServer? Server { get; init; }

    /// <summary>Vapi's default is true.</summary>
    public bool RecordingEnabled { get; init; } = true;

    /// <summary>Whether what was said may be kept. Vapi's default is true.</summary>
    public bool TranscriptEnabled { get; init; } = true;

    /// <summary>How the caller is asked before anything is recorded; null: not at all, and our own pipeline records nothing.</summary>
    public RecordingConsent? RecordingConsent { get; init; }

    public FallbackSettings Fallback { get; init; } = new();

    public static string KeyOf(string squad, string assistant) => $"{squad}/{assistant}";

    /// <summary>The members of a squad that are files of their own, the first first.</summary>
    public static IReadOnlyList<AssistantModel> MembersOf(ResourceDefinition squad, DefinitionSet definitions) =>
        [.. squad.Body.ObjectsAt("members").Select(m => Member(m.Item, squad, definitions)).OfType<AssistantModel>()];

    /// <summary>Reads one assistant; its saved tools are looked up in the set.</summary>
    public static AssistantModel Of(ResourceDefinition assistant, DefinitionSet definitions)
    {
        var body = assistant.Body;
        return new AssistantModel(assistant)
        {
            FirstMessage = body.TextAt("firstMessage"),
            FirstMessageMode = body.TextAt("firstMessageMode") switch
            {
                "assistant-speaks-first-with-model-generated-message" => FirstMessageMode.AssistantSpeaksFirstWithModelGeneratedMessage,
                "assistant-waits-for-user" => FirstMessageMode.AssistantWaitsForUser,
                _ => FirstMessageMode.AssistantSpeaksFirst,
            },
            FirstMessageInterruptionsEnabled = body.FlagAt("firstMessageInterruptionsEnabled") ?? false,
            MaxDuration = Read.Seconds(body, "maxDurationSeconds", 600),
            EndCallMessage = body.TextAt("endCallMessage"),
            EndCallPhrases = Read.Texts(body, "endCallPhrases"),
            VoicemailMessage = body.TextAt("voicemailMessage"),
            DetectsVoicemail = body.ObjectAt("voicemailDetection") is not null,
            ServerMessages = Read.Texts(body, "serverMessages"),
            Messages = [.. body.ObjectsAt("model.messages").Where(m => m.Item["content"].AsText() is not null).Select(m => new PromptMessage(m.Item.TextAt("role") ?? "system", m.Item.TextAt("content")!))],
            Model = ReadModel(body),
            Transcriber = TranscriberModel.Of(body),
            Voice = VoiceModel.Of(body),
            StartSpeaking = StartSpeaking.Of(body),
            StopSpeaking = StopSpeaking.Of(body),
            SilencePrompts = [.. body.ObjectsAt("hooks").Select(h => ReadSilence(h.Item)).OfType<SilencePrompt>()],
            Keypad = new KeypadInput(body.FlagAt("keypadInputPlan.enabled") ?? false, Read.Seconds(body, "keypadInputPlan.timeoutSeconds", 2), body.TextAt("keypadInputPlan.delimiters") ?? ""),
            Tools = [.. SavedAndInline(body, definitions)],
            Server = ToolServer.Of(body),
            RecordingEnabled = body.FlagAt("artifactPlan.recordingEnabled") ?? true,
            TranscriptEnabled = body.FlagAt("artifactPlan.transcriptPlan.enabled") ?? true,
            RecordingConsent = RecordingConsent.Of(body),
            Fallback = FallbackSettings.Of(assistant.Fallback),
        };
    }

    private static AssistantModel? Member(JsonObject member, ResourceDefinition squad, DefinitionSet definitions)
    {
        if (member.TextAt("assistantId") is not { } file || definitions.Find(ResourceKind.Assistant, file) is not { } assistant)
        {
            return null;
        }

        var alone = Of(assistant, definitions);
        var handoffs = member.ObjectsAt("assistantDestinations").Where(d => d.Item.TextAt("assistantName") is not null).Select(d => Handoff(d.Item, d.Item.TextAt("assistantName")!));
        var values = new Dictionary<string, string>(alone.Fallback.Variables, StringComparer.Ordinal);
        foreach (var (name, value) in Values(member.ObjectAt("assistantOverrides.variableValues")).Concat(Values(squad.Body.ObjectAt("membersOverrides.variableValues"))))
        {
            values[name] = value;
        }

        return alone with { Squad = squad.VapiName, Tools = [.. alone.Tools, .. handoffs], Fallback = alone.Fallback with { Variables = values } };

        static IEnumerable<KeyValuePair<string, string>> Values(JsonObject? overrides) =>
            (overrides ?? []).Where(v => v.Value is JsonValue).Select(v => KeyValuePair.Create(v.Key, v.Value!.ToString()));
    }

    /// <summary>As Vapi makes a tool of a squad's destination.</summary>
    private static ToolModel Handoff(JsonObject destination, string to) => new("handoff", "handoff_to_" + string.Concat(to.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' ? c : '_')), destination)
    {
        Description = destination.TextAt("description") ?? "",
        HandsOverTo = to,
        Messages = destination.TextAt("message") is { Length: > 0 } message ? [new ToolMessage("request-start", message)] : [],
    };

    private static LanguageModel? ReadModel(JsonObject body) => (body.TextAt("model.provider"), body.TextAt("model.model")) is ({ } provider, { } name)
        ? new LanguageModel(provider, name) { Temperature = body.NumberAt("model.temperature"), MaxTokens = (int)(body.NumberAt("model.maxTokens") ?? 250) }
        : null;

    private static SilencePrompt? ReadSilence(JsonObject hook)
    {
        if (hook.TextAt("on")?.StartsWith("customer.speech.timeout", StringComparison.Ordinal) is not true)
        {
            return null;
        }
        var texts = hook.ObjectsAt("do").Where(a => a.Item.TextAt("type") == "say").SelectMany(a => a.Item.TextAt("exact") is { } one ? [one] : Read.Texts(a.Item, "exact")).ToList();
        return texts.Count == 0
            ? null
            : new SilencePrompt(texts, Read.Seconds(hook, "options.timeoutSeconds", 7.5), (int)(hook.NumberAt("options.triggerMaxCount") ?? 3), hook.TextAt("options.triggerResetMode") != "never");
    }

    private static IEnumerable<ToolModel> SavedAndInline(JsonObject body, DefinitionSet definitions) =>
        body.TextsAt("model.toolIds").Select(t => definitions.Find(ResourceKind.Tool, t.Text)?.Body).OfType<JsonObject>()
            .Concat(body.ObjectsAt("model.tools").Select(t => t.Item))
            .Select(ToolModel.Of);
}
