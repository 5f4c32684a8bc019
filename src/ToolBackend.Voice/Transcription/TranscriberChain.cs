using ToolBackend.Vapi.Definitions.Model;

namespace ToolBackend.Voice.Transcription;

/// <summary>Transcribers of one assistant in the order in which they are asked. Pure.</summary>
internal static class TranscriberChain
{
    /// <summary>Silence until a final for a fallback whose assistant's own transcriber ends turns by itself: 10 ms, the default, would cut every sentence.</summary>
    private static readonly TimeSpan s_endpointing = TimeSpan.FromMilliseconds(300);

    /// <summary>The definition's own, then its fallbacks with what the definition asks of any transcriber: language, key terms, numerals, profanity, confidence.</summary>
    public static IReadOnlyList<TranscriberModel> Of(TranscriberModel own, FallbackSettings fallback) => [own, .. fallback.Transcribers.Select(link => Fallback(own, link))];

    private static TranscriberModel Fallback(TranscriberModel own, ProviderLink link)
    {
        var model = own with { Provider = link.Provider, Model = link.Model, Language = link.Language ?? own.Language };
        return own.IsFlux && !model.IsFlux ? model with { Endpointing = s_endpointing } : model;
    }
}
