namespace ToolBackend.Voice.Language;

/// <summary>A piece of a model's answer.</summary>
public abstract record ModelOutput
{
    private ModelOutput()
    {
    }

    /// <summary>Text to be spoken, as it comes: one or a few tokens, never empty. Reasoning is never among it.</summary>
    public sealed record Text(string Value) : ModelOutput;

    /// <summary>A sign of life: the first tool call has begun to come. At most once, before <see cref="ToolCalls"/>; chains keep it for themselves.</summary>
    public sealed record ToolCallBegun(string Name) : ModelOutput;

    /// <summary>Whole calls, after all text, once: when the stream has ended, since vendors send the sign of their end twice or early.</summary>
    public sealed record ToolCalls(IReadOnlyList<ModelToolCall> Calls) : ModelOutput;

    /// <summary>The last piece.</summary>
    /// <param name="Reason">stop, length, tool_calls, content_filter; vendors' other words are mapped to these.</param>
    /// <param name="PromptTokens">0 when the vendor did not say.</param>
    public sealed record End(string Reason, int PromptTokens, int CompletionTokens) : ModelOutput;
}

/// <summary>A vendor of language models with the chat completions protocol, streaming.</summary>
public interface ILanguageModel
{
    /// <summary>As definitions name it: <c>groq</c>, <c>together-ai</c>, <c>fireworks</c>.</summary>
    string Name { get; }

    /// <summary>False without a key.</summary>
    bool IsConfigured { get; }

    /// <summary>Opens a connection so that the next request does not pay for it. Never throws for the vendor's failures.</summary>
    Task WarmAsync(CancellationToken cancellation);

    /// <summary>
    /// Streams one answer. Cancelling closes the request at once, so that the vendor stops generating. No deadline of its own for the first token: who asks decides (and hedges); a stream that
    /// pauses for long between tokens ends with <see cref="Providers.ProviderFault.TimedOut"/>.
    /// </summary>
    /// <exception cref="Providers.ProviderException">Refused, unreachable, cut, or an error inside the stream.</exception>
    IAsyncEnumerable<ModelOutput> StreamAsync(ModelRequest request, CancellationToken cancellation);
}
