using ToolBackend.Vapi.Definitions.Model;
using ToolBackend.Voice.Language.Chain;
using ToolBackend.Voice.Providers;
using ToolBackend.Voice.Synthesis;
using ToolBackend.Voice.Transcription;

namespace ToolBackend.Voice.Sessions;

/// <summary>Picks the providers that a definition names, in its order, among those that have keys.</summary>
internal sealed class CallProviders(ResilientTranscribers transcribers, IEnumerable<ISynthesizerProvider> synthesizers, ResilientSynthesizers chains, LanguageChains models)
{
    private readonly Dictionary<string, ISynthesizerProvider> _synthesizers = synthesizers.Where(p => p.IsConfigured).ToDictionary(p => p.Name, StringComparer.Ordinal);

    /// <summary>The assistant's own voice, then those of its <c>fallback.voices</c>.</summary>
    public IReadOnlyList<VoiceLink> Voices(AssistantModel assistant)
    {
        var own = assistant.Voice is { } voice ? [voice] : Array.Empty<VoiceModel>();
        var others = assistant.Fallback.Voices.Where(l => l.VoiceId is not null).Select(l => new VoiceModel(l.Provider, l.VoiceId!)
        {
            Model = l.Model,
            Language = l.Language ?? assistant.Voice?.Language,
            FormatPlan = assistant.Voice?.FormatPlan,
        });
        return [.. own.Concat(others).Where(v => _synthesizers.ContainsKey(v.Provider)).Select(v => new VoiceLink(_synthesizers[v.Provider], v))];
    }

    public LanguageChain Models(AssistantModel assistant) => models.For(assistant);

    /// <summary>The assistant's own transcriber, and those of its <c>fallback.transcribers</c> behind it.</summary>
    /// <exception cref="ProviderException">None that the definition names has a key.</exception>
    public ITranscriber OpenTranscriber(AssistantModel assistant) =>
        transcribers.Open(assistant.Transcriber ?? throw new ProviderException("transcription", ProviderFault.Rejected, "no_transcriber"), Speculative(assistant.Fallback));

    private static FallbackSettings Speculative(FallbackSettings fallback) => fallback.Speculation ? fallback : fallback with { EagerEndOfTurnThreshold = null };

    /// <exception cref="ProviderException">None that the definition names has a key.</exception>
    public ResilientSynthesizer OpenSynthesizer(AssistantModel assistant) =>
        Voices(assistant) is { Count: > 0 } chain ? chains.Open(chain) : throw new ProviderException("synthesis", ProviderFault.Rejected, "no_provider");
}
