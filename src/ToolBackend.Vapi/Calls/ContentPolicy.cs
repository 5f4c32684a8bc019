using System.ComponentModel.DataAnnotations;

namespace ToolBackend.Vapi.Calls;

/// <summary>What of a call's messages is kept. Secrets are never kept, whatever it says; card and social security numbers are always masked.</summary>
public sealed record ContentPolicy
{
    public static readonly ContentPolicy Default = new();

    /// <summary>
    /// Off: no message bodies, and facts without utterances, tool results, summary, structured outputs and recordings. What remains: who, when, how long, why it ended, latencies, cost.
    /// Live moments tell types only. Default on.
    /// </summary>
    public bool StoreContent { get; init; } = true;

    /// <summary>Also keep what comes many times a second: partial transcripts, speech updates, model output, voice input. Default off: seen live only.</summary>
    public bool StoreHighFrequency { get; init; }

    /// <summary>Keep every <c>conversation-update</c>, each of which repeats the whole conversation. Off: only its newest turn is seen live. Default on.</summary>
    public bool StoreConversationUpdates { get; init; } = true;

    /// <summary>Bytes of a redacted body. Larger ones are not kept; their facts are. Default 1 MiB.</summary>
    [Range(0, 16 * 1024 * 1024)]
    public int MaxBodyBytes { get; init; } = 1024 * 1024;
}
