using Microsoft.Extensions.Options;
using ToolBackend.Vapi.Definitions.Model;
using ToolBackend.Voice.Providers;

namespace ToolBackend.Voice.Language.Chain;

/// <summary>Makes the chains of assistants. Health and budget are shared by all of them.</summary>
public sealed class LanguageChains
{
    private readonly IReadOnlyDictionary<string, ILanguageModel> _providers;
    private readonly LanguageOptions _options;
    private readonly ChainHealth _health;
    private readonly TimeProvider _time;

    /// <param name="isRehearsal">For a warm-up: leaves no figures.</param>
    public LanguageChains(IEnumerable<ILanguageModel> providers, IOptions<LanguageOptions> options, IProviderGate gate, TimeProvider time, bool isRehearsal = false)
    {
        _providers = providers.ToDictionary(provider => provider.Name, StringComparer.Ordinal);
        _options = options.Value;
        _time = time;
        _health = new ChainHealth(gate, new RateWaits(time), new RetryBudget(_options, time)) { IsRehearsal = isRehearsal };
    }

    /// <summary>The assistant's own model, then those of its <c>fallback.models</c>. Providers that are unknown or have no key are left out.</summary>
    public LanguageChain For(AssistantModel assistant)
    {
        var own = assistant.Model is { } model ? [new ProviderLink(model.Provider, model.Name)] : Array.Empty<ProviderLink>();
        var links = own.Concat(assistant.Fallback.Models)
            .Where(link => link.Model is not null && _providers.TryGetValue(link.Provider, out var provider) && provider.IsConfigured)
            .Select(link => new ChainLink(_providers[link.Provider], link.Model!, assistant.Fallback.ReasoningEffort))
            .ToList();
        return new LanguageChain(links, _options, _health, _time);
    }

    /// <summary>A request with the assistant's temperature and limit.</summary>
    public static ModelRequest Request(AssistantModel assistant, IReadOnlyList<ModelMessage> messages, IReadOnlyList<ModelTool> tools, string callId) => new(assistant.Model?.Name ?? "", messages)
    {
        Tools = tools,
        Temperature = assistant.Model?.Temperature,
        MaxTokens = assistant.Model?.MaxTokens ?? 250,
        ReasoningEffort = assistant.Fallback.ReasoningEffort,
        CallId = callId,
    };
}
