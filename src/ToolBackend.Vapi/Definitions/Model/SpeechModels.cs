using System.Text.Json.Nodes;

namespace ToolBackend.Vapi.Definitions.Model;

/// <summary>Speech to text.</summary>
public sealed record TranscriberModel(string Provider)
{
    public string? Model { get; init; }

    public bool IsFlux => Provider == "deepgram" && Model?.StartsWith("flux", StringComparison.Ordinal) is true;

    public string? Language { get; init; }

    /// <summary>Silence until a final, not Flux. Default 10 ms, as Vapi's.</summary>
    public TimeSpan Endpointing { get; init; }

    /// <summary>Flux only. Default 0.7.</summary>
    public double EndOfTurnThreshold { get; init; }

    /// <summary>Flux only. Default 5 s.</summary>
    public TimeSpan EndOfTurnTimeout { get; init; }

    public IReadOnlyList<string> KeyTerms { get; init; } = [];

    public IReadOnlyList<string> Keywords { get; init; } = [];

    public bool? SmartFormat { get; init; }

    public bool? Numerals { get; init; }

    public bool? ProfanityFilter { get; init; }

    /// <summary>Finals below are dropped. Default 0.4.</summary>
    public double ConfidenceThreshold { get; init; }

    internal static TranscriberModel? Of(JsonObject body) => body.TextAt("transcriber.provider") is not { } provider ? null : new TranscriberModel(provider)
    {
        Model = body.TextAt("transcriber.model") ?? body.TextAt("transcriber.speechModel"),
        Language = body.TextAt("transcriber.language"),
        Endpointing = TimeSpan.FromMilliseconds(body.NumberAt("transcriber.endpointing") ?? 10),
        EndOfTurnThreshold = body.NumberAt("transcriber.eotThreshold") ?? 0.7,
        EndOfTurnTimeout = TimeSpan.FromMilliseconds(body.NumberAt("transcriber.eotTimeoutMs") ?? 5000),
        KeyTerms = Read.Texts(body, "transcriber.keyterm"),
        Keywords = Read.Texts(body, "transcriber.keywords"),
        SmartFormat = body.FlagAt("transcriber.smartFormat"),
        Numerals = body.FlagAt("transcriber.numerals"),
        ProfanityFilter = body.FlagAt("transcriber.profanityFilter"),
        ConfidenceThreshold = body.NumberAt("transcriber.confidenceThreshold") ?? 0.4,
    };
}

/// <summary>Text to speech. Null leaves a setting to the provider.</summary>
public sealed record VoiceModel(string Provider, string VoiceId)
{
    public string? Model { get; init; }

    public string? Language { get; init; }

    public double? Stability { get; init; }

    public double? SimilarityBoost { get; init; }

    public double? Style { get; init; }

    public double? Speed { get; init; }

    public bool? UseSpeakerBoost { get; init; }

    /// <summary><c>chunkPlan.formatPlan</c> as written: rewriting for the ear.</summary>
    public JsonObject? FormatPlan { get; init; }

    internal static VoiceModel? Of(JsonObject body) => (body.TextAt("voice.provider"), body.TextAt("voice.voiceId")) is not ({ } provider, { } voice) ? null : new VoiceModel(provider, voice)
    {
        Model = body.TextAt("voice.model"),
        Language = body.TextAt("voice.language"),
        Stability = body.NumberAt("voice.stability"),
        SimilarityBoost = body.NumberAt("voice.similarityBoost"),
        Style = body.NumberAt("voice.style"),
        Speed = body.NumberAt("voice.speed"),
        UseSpeakerBoost = body.FlagAt("voice.useSpeakerBoost"),
        FormatPlan = body.ObjectAt("voice.chunkPlan.formatPlan"),
    };
}

public enum EndpointingRuleType
{
    /// <summary>By what the assistant said last.</summary>
    Assistant,

    /// <summary>By what the caller is saying.</summary>
    Customer,

    /// <summary>Both must match.</summary>
    Both,
}

/// <summary>Another wait for certain texts. A regular expression that is not used is null. They come from a file: run them with a time limit.</summary>
public sealed record EndpointingRule(EndpointingRuleType Type, string? AssistantRegex, string? CustomerRegex, bool IgnoreCase, bool WholeWord, TimeSpan Timeout);

/// <summary>When the assistant may start to speak.</summary>
public sealed record StartSpeaking
{
    /// <summary>Default 0.4 s.</summary>
    public TimeSpan Wait { get; init; } = TimeSpan.FromSeconds(0.4);

    /// <summary>Default 0.1 s.</summary>
    public TimeSpan OnPunctuation { get; init; } = TimeSpan.FromSeconds(0.1);

    /// <summary>Default 1.5 s.</summary>
    public TimeSpan OnNoPunctuation { get; init; } = TimeSpan.FromSeconds(1.5);

    /// <summary>Default 0.5 s.</summary>
    public TimeSpan OnNumber { get; init; } = TimeSpan.FromSeconds(0.5);

    public IReadOnlyList<EndpointingRule> Rules { get; init; } = [];

    internal static StartSpeaking Of(JsonObject body)
    {
        const string Plan = "startSpeakingPlan.transcriptionEndpointingPlan.";
        return new StartSpeaking
        {
            Wait = Read.Seconds(body, "startSpeakingPlan.waitSeconds", 0.4),
            OnPunctuation = Read.Seconds(body, Plan + "onPunctuationSeconds", 0.1),
            OnNoPunctuation = Read.Seconds(body, Plan + "onNoPunctuationSeconds", 1.5),
            OnNumber = Read.Seconds(body, Plan + "onNumberSeconds", 0.5),
            Rules = [.. body.ObjectsAt("startSpeakingPlan.customEndpointingRules").Select(r => Rule(r.Item))],
        };
    }

    private static EndpointingRule Rule(JsonObject rule)
    {
        var type = rule.TextAt("type") switch { "assistant" => EndpointingRuleType.Assistant, "both" => EndpointingRuleType.Both, _ => EndpointingRuleType.Customer };
        var regex = rule.TextAt("regex");
        return new EndpointingRule(
            type,
            type is EndpointingRuleType.Assistant ? regex : rule.TextAt("assistantRegex"),
            type is EndpointingRuleType.Customer ? regex : rule.TextAt("customerRegex"),
            Option(rule, "ignore-case"),
            Option(rule, "whole-word"),
            Read.Seconds(rule, "timeoutSeconds", 0));
    }

    private static bool Option(JsonObject rule, string name) =>
        new[] { "regexOptions", "assistantRegexOptions", "customerRegexOptions" }.SelectMany(list => rule.ObjectsAt(list)).Any(o => o.Item.TextAt("type") == name && o.Item.FlagAt("enabled") is true);
}

/// <summary>When it stops because the caller speaks.</summary>
public sealed record StopSpeaking
{
    /// <summary>Default 0: voice activity decides.</summary>
    public int Words { get; init; }

    /// <summary>Default 0.2 s.</summary>
    public TimeSpan Voice { get; init; } = TimeSpan.FromSeconds(0.2);

    /// <summary>Default 1 s.</summary>
    public TimeSpan Backoff { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Null: Vapi's default list.</summary>
    public IReadOnlyList<string>? AcknowledgementPhrases { get; init; }

    /// <summary>Null: Vapi's default list.</summary>
    public IReadOnlyList<string>? InterruptionPhrases { get; init; }

    internal static StopSpeaking Of(JsonObject body) => new()
    {
        Words = (int)(body.NumberAt("stopSpeakingPlan.numWords") ?? 0),
        Voice = Read.Seconds(body, "stopSpeakingPlan.voiceSeconds", 0.2),
        Backoff = Read.Seconds(body, "stopSpeakingPlan.backoffSeconds", 1),
        AcknowledgementPhrases = body.At("stopSpeakingPlan.acknowledgementPhrases") is JsonArray ? Read.Texts(body, "stopSpeakingPlan.acknowledgementPhrases") : null,
        InterruptionPhrases = body.At("stopSpeakingPlan.interruptionPhrases") is JsonArray ? Read.Texts(body, "stopSpeakingPlan.interruptionPhrases") : null,
    };
}
