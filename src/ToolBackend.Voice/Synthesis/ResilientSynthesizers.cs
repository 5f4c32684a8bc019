using ToolBackend.Core.Observability;
using ToolBackend.Voice.Providers;

namespace ToolBackend.Voice.Synthesis;

/// <summary>Opens the voices of calls.</summary>
public sealed partial class ResilientSynthesizers(IProviderGate gate, SynthesisOptions options, TimeProvider time, ILogger<ResilientSynthesizers> logger)
{
    /// <summary>Returns at once and connects the first voice that may be asked behind.</summary>
    /// <param name="chain">In the order in which they are asked, at least one.</param>
    public ResilientSynthesizer Open(IReadOnlyList<VoiceLink> chain) => new(chain, gate, options, time, Report);

    private void Report(VoiceChange change)
    {
        Telemetry.VoiceSwitches.Add(
            1, new(Telemetry.Tag.Provider, change.From), new(Telemetry.Tag.NextProvider, change.To ?? "none"), new(Telemetry.Tag.ErrorType, change.Fault.ToString()));
        Switched(change.From, change.Fault, change.Code, change.To ?? "nobody");
    }

    [LoggerMessage(5201, LogLevel.Warning, "Voice {From} broke off ({Fault}, {Code}); {To} goes on")]
    private partial void Switched(string from, ProviderFault fault, string? code, string to);
}
