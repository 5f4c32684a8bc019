using Microsoft.Extensions.Logging;
using ToolBackend.Core.Observability;
using ToolBackend.Vapi.Definitions.Model;
using ToolBackend.Voice.Providers;

namespace ToolBackend.Voice.Transcription;

/// <summary>Opens transcribers for calls, by the chain of the definition. Vendors without a key and of unknown name are passed over.</summary>
public sealed partial class ResilientTranscribers(
    IEnumerable<ITranscriberProvider> providers, IProviderGate gate, TranscriptionOptions options, TimeProvider time, ILogger<ResilientTranscribers> logger)
{
    private readonly Dictionary<string, ITranscriberProvider> _providers = providers.Where(static p => p.IsConfigured).ToDictionary(static p => p.Name, StringComparer.Ordinal);

    /// <summary>Returns at once and connects behind.</summary>
    /// <exception cref="ProviderException">No vendor of the chain has a key: <see cref="ProviderFault.Authentication"/>.</exception>
    public ITranscriber Open(TranscriberModel own, FallbackSettings fallback)
    {
        var links = TranscriberChain.Of(own, fallback)
            .Where(settings => _providers.ContainsKey(settings.Provider))
            .Select(settings => new TranscriberLink(
                settings.Provider, EndsTurns: settings.IsFlux || settings.Provider != "deepgram", () => _providers[settings.Provider].Open(settings, fallback.EagerEndOfTurnThreshold)))
            .ToArray();
        return links.Length == 0
            ? throw new ProviderException(own.Provider, ProviderFault.Authentication, "not_configured")
            : new ResilientTranscriber(links, gate, options, time, Report);
    }

    private void Report(TranscriberSwitch change)
    {
        Telemetry.TranscriberSwitches.Add(
            1, new(Telemetry.Tag.Provider, change.From), new(Telemetry.Tag.NextProvider, change.To), new(Telemetry.Tag.ErrorType, change.Fault.ToString()));
        Switched(change.From, change.Fault, change.Code, change.To, change.Replayed.TotalSeconds);
    }

    [LoggerMessage(5101, LogLevel.Warning, "Transcriber {From} was lost ({Fault}, {Code}); {To} hears on, with {Seconds:0.0} s of audio given again")]
    private partial void Switched(string from, ProviderFault fault, string? code, string to, double seconds);
}
