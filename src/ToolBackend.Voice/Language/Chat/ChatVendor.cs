namespace ToolBackend.Voice.Language.Chat;

/// <summary>What differs between vendors that speak chat completions.</summary>
/// <param name="Name">As definitions name it.</param>
/// <param name="Section">Of the configuration, below <c>Vendors</c>.</param>
/// <param name="PublicAddress">Without a path.</param>
/// <param name="Prefix">Of the API's paths.</param>
/// <param name="MaxTokensField">Groq deprecates <c>max_tokens</c>; Together knows nothing else.</param>
internal sealed record ChatVendor(string Name, string Section, string PublicAddress, string Prefix, string MaxTokensField)
{
    /// <summary>Sends <c>stream_options.include_usage</c>: Groq reports no usage outside x_groq without it; the others always do.</summary>
    public bool AsksForUsage { get; private init; }

    /// <summary>Header that keeps a call's requests on the machine that has its prompt cached; null for none.</summary>
    public string? AffinityHeader { get; private init; }

    /// <summary>Together answers 403 to an input that is too long.</summary>
    public bool ForbiddenMeansTooLong { get; private init; }

    /// <summary>Header with the seconds to wait after a 429 that has no Retry-After; null for none.</summary>
    public string? ResetHeader { get; private init; }

    public static ChatVendor Groq { get; } = new("groq", "Groq", "https://api.groq.com", "/openai/v1", "max_completion_tokens") { AsksForUsage = true };

    public static ChatVendor Together { get; } = new("together-ai", "Together", "https://api.together.xyz", "/v1", "max_tokens") { ForbiddenMeansTooLong = true, ResetHeader = "x-ratelimit-reset" };

    public static ChatVendor Fireworks { get; } = new("fireworks", "Fireworks", "https://api.fireworks.ai", "/inference/v1", "max_tokens") { AffinityHeader = "x-session-affinity" };

    public static IReadOnlyList<ChatVendor> All { get; } = [Groq, Together, Fireworks];

    /// <summary>
    /// The effort that may be sent for a model; null to send none, since models that do not reason answer it with 400. gpt-oss cannot be kept from reasoning; qwen3 at Groq
    /// knows only on and off, and is switched off: reasoning is silence on the phone.
    /// </summary>
    public string? Effort(string model, string? wanted) =>
        wanted is null ? null
        : model.Contains("gpt-oss", StringComparison.OrdinalIgnoreCase) ? wanted
        : this == Groq && model.Contains("qwen3", StringComparison.OrdinalIgnoreCase) ? "none"
        : null;
}
