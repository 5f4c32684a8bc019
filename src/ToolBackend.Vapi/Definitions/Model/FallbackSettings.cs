using System.Text.Json.Nodes;

namespace ToolBackend.Vapi.Definitions.Model;

/// <summary>One link of a chain. What is null is left to the provider or taken from the assistant.</summary>
public sealed record ProviderLink(string Provider, string? Model, string? VoiceId = null, string? Language = null);

/// <summary>The <c>fallback:</c> section: what only our own pipeline reads.</summary>
public sealed record FallbackSettings
{
    /// <summary>Models after the assistant's own, in order.</summary>
    public IReadOnlyList<ProviderLink> Models { get; init; } = [];

    /// <summary>Transcribers after the assistant's own, in order.</summary>
    public IReadOnlyList<ProviderLink> Transcribers { get; init; } = [];

    /// <summary>Voices after the assistant's own, in order.</summary>
    public IReadOnlyList<ProviderLink> Voices { get; init; } = [];

    /// <summary>For gpt-oss models: low (default), medium or high.</summary>
    public string ReasoningEffort { get; init; } = "low";

    /// <summary>Start before the turn is confirmed. Default true.</summary>
    public bool Speculation { get; init; } = true;

    /// <summary>Flux only; null: no early end of turn.</summary>
    public double? EagerEndOfTurnThreshold { get; init; }

    /// <summary>Prompt variables where nobody else gives a value, as text.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    internal static FallbackSettings Of(JsonObject? fallback) => new()
    {
        Models = Chain(fallback, "models"),
        Transcribers = Chain(fallback, "transcribers"),
        Voices = Chain(fallback, "voices"),
        ReasoningEffort = fallback.TextAt("reasoningEffort") ?? "low",
        Speculation = fallback.FlagAt("speculation") ?? true,
        EagerEndOfTurnThreshold = fallback.NumberAt("eagerEotThreshold"),
        Variables = fallback.ObjectAt("variables")?.Where(v => v.Value is JsonValue).ToDictionary(v => v.Key, v => v.Value!.ToString(), StringComparer.Ordinal)
            ?? new Dictionary<string, string>(StringComparer.Ordinal),
    };

    private static List<ProviderLink> Chain(JsonObject? fallback, string list) =>
        [.. fallback.ObjectsAt(list).Where(l => l.Item["provider"].AsText() is not null).Select(l => new ProviderLink(l.Item.TextAt("provider")!, l.Item.TextAt("model"), l.Item.TextAt("voiceId"), l.Item.TextAt("language")))];
}
