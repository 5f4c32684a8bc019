using ToolBackend.Voice.Language.Chat;
using ToolBackend.Voice.Providers;

namespace ToolBackend.Voice.Language.Chain;

/// <summary>What chains know of providers across calls: health, named waits, and how often they may be asked again.</summary>
internal sealed class ChainHealth(IProviderGate gate, RateWaits waits, RetryBudget budget)
{
    /// <summary>A warm-up's: leaves no figures.</summary>
    public bool IsRehearsal { get; init; }

    public RetryBudget Budget => budget;

    public bool IsOpen(ChainLink link) => gate.IsOpen(link.Provider.Name) && gate.IsOpen(link.Key) && waits.IsOver(link.Provider.Name);

    public void Report(ChainLink link, ProviderException? failure)
    {
        if (failure is not null)
        {
            waits.Note(failure);
        }

        // Another model of the same provider may well be there.
        gate.Report(failure?.Code == VendorFailure.NoSuchModel ? link.Key : link.Provider.Name, failure?.Fault);
    }
}
