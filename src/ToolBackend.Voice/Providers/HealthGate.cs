using ToolBackend.Core.Resilience.Health;

namespace ToolBackend.Voice.Providers;

/// <summary>
/// The chains' gate over the <see cref="HealthBoard"/>. A model that does not exist (<c>provider/model</c>) is closed for a while by itself: its provider may be well. A rate limit is no illness either:
/// the chain waits as long as the vendor named.
/// </summary>
internal sealed class HealthGate(HealthBoard board, PermanentFaultGate models) : IProviderGate
{
    public bool IsOpen(string provider) => IsModel(provider) ? models.IsOpen(provider) : board.Admits(provider);

    public void Report(string provider, ProviderFault? fault)
    {
        if (IsModel(provider))
        {
            models.Report(provider, fault);
        }
        else if (fault is null)
        {
            board.Report(provider, new HealthEvent.Served());
        }
        else if (CauseOf(fault.Value) is { } cause)
        {
            board.Report(provider, new HealthEvent.Failed(cause));
        }
    }

    private static bool IsModel(string provider) => provider.Contains('/', StringComparison.Ordinal);

    private static HealthCause? CauseOf(ProviderFault fault) => fault switch
    {
        ProviderFault.Unreachable => HealthCause.Connectivity,
        ProviderFault.TimedOut => HealthCause.Late,
        ProviderFault.ServerError or ProviderFault.Protocol => HealthCause.Server,
        ProviderFault.Authentication => HealthCause.Authentication,
        ProviderFault.Quota => HealthCause.Quota,
        _ => null,
    };
}
