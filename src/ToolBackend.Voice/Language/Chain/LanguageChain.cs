using System.Runtime.CompilerServices;
using System.Text;
using ToolBackend.Core.Observability;
using ToolBackend.Voice.Providers;

namespace ToolBackend.Voice.Language.Chain;

/// <summary>
/// The models of one assistant, tried in order. Until the first piece has come, others are asked beside or after it (<see cref="ChainPolicy"/>); from then on there is one
/// answer and no second try.
/// </summary>
public sealed class LanguageChain
{
    private readonly IReadOnlyList<ChainLink> _links;
    private readonly LanguageOptions _options;
    private readonly ChainHealth _health;
    private readonly TimeProvider _time;

    internal LanguageChain(IReadOnlyList<ChainLink> links, LanguageOptions options, ChainHealth health, TimeProvider time)
    {
        _links = links;
        _options = options;
        _health = health;
        _time = time;
    }

    /// <summary>Providers and models in the order they are tried; those without a key are left out. Empty: nobody can answer.</summary>
    public IReadOnlyList<(string Provider, string Model)> Links => [.. _links.Select(link => (link.Provider.Name, link.Model))];

    /// <summary>Opens connections to the two that would be asked first. Never throws for their failures.</summary>
    public Task WarmAsync(CancellationToken cancellation) =>
        Task.WhenAll(_links.Where(_health.IsOpen).Select(link => link.Provider).Distinct().Take(2).Select(provider => provider.WarmAsync(cancellation)));

    /// <summary>
    /// Streams one answer; its last piece is <see cref="ModelOutput.End"/>. Cancelling, or leaving the enumeration, closes every request at once.
    /// </summary>
    /// <param name="request">Its model and reasoning effort are replaced by each link's.</param>
    /// <param name="trace">Told how the answer came about; null for nobody.</param>
    /// <exception cref="ProviderException">Nobody began to answer, within <see cref="LanguageOptions.FirstTokenLimit"/>. Nothing was handed out.</exception>
    /// <exception cref="ReplyCutException">The answer broke off after some of it was handed out.</exception>
    public async IAsyncEnumerable<ModelOutput> StreamAsync(ModelRequest request, ChainTrace? trace, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (_links.Count == 0)
        {
            throw new ProviderException("language", ProviderFault.Rejected, "no_provider");
        }

        await using var race = new ChainRace(_links, request, _options, _health, _time, trace ?? new ChainTrace(), cancellation);
        var delivered = new StringBuilder();
        var isBegun = false;
        while (true)
        {
            var winner = await race.WinnerAsync();
            while (winner.Current is { } output)
            {
                if (output is not ModelOutput.ToolCallBegun)
                {
                    isBegun = true;
                    delivered.Append((output as ModelOutput.Text)?.Value);
                    yield return output;
                }

                if (output is ModelOutput.End)
                {
                    yield break;
                }

                await winner.MoveAsync();
            }

            var failure = winner.Failure ?? throw new InvalidOperationException($"{winner.Provider.Provider.Name} ended an answer without saying so.");
            race.Fell(winner);
            if (isBegun)
            {
                Telemetry.LanguageCuts.Add(1, new KeyValuePair<string, object?>(Telemetry.Tag.Provider, failure.Provider), new KeyValuePair<string, object?>(Telemetry.Tag.Reason, failure.Fault.ToString()));
                throw new ReplyCutException(delivered.ToString(), failure);
            }
        }
    }
}
