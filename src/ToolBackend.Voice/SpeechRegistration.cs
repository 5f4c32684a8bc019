using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using ToolBackend.Voice.Providers;
using ToolBackend.Voice.Providers.Sockets;
using ToolBackend.Voice.Speaking;
using ToolBackend.Voice.Synthesis;
using ToolBackend.Voice.Synthesis.Deepgram;
using ToolBackend.Voice.Synthesis.ElevenLabs;
using ToolBackend.Voice.Transcription;
using ToolBackend.Voice.Transcription.AssemblyAi;
using ToolBackend.Voice.Transcription.Deepgram;

namespace ToolBackend.Voice;

/// <summary>Puts the vendors of transcription and synthesis into a host.</summary>
internal static class SpeechRegistration
{
    /// <summary>
    /// Configured from <c>Vendors:Deepgram</c>, <c>Vendors:AssemblyAi</c>, <c>Vendors:ElevenLabs</c>, <c>Transcription</c>, <c>Synthesis</c> and <c>ClauseChunker</c>, all checked at start. A vendor
    /// without a key is there and says so. Needs an <see cref="IProviderGate"/> from elsewhere.
    /// </summary>
    public static IServiceCollection AddSpeech(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<TranscriptionOptions>().BindConfiguration("Transcription").ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<SynthesisOptions>().BindConfiguration("Synthesis").ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<ClauseChunkerOptions>().BindConfiguration("ClauseChunker").ValidateDataAnnotations().ValidateOnStart();
        foreach (var vendor in (string[])["Deepgram", "AssemblyAi", "ElevenLabs"])
        {
            services.AddOptions<VendorOptions>(vendor).BindConfiguration($"Vendors:{vendor}")
                .Validate(o => !VendorSettings.Problems($"Vendors:{vendor}", o).Any(), $"Vendors:{vendor} needs an https address without a slash at its end (http for loopback only) and a key of plain letters.")
                .ValidateOnStart();
        }

        services.TryAddSingleton<VendorConnector>();
        services.AddSingleton<ITranscriberProvider>(p => new DeepgramTranscribers(Vendor(p, "Deepgram"), Connector(p), Options<TranscriptionOptions>(p), Clock(p)));
        services.AddSingleton<ITranscriberProvider>(p => new AssemblyAiTranscribers(Vendor(p, "AssemblyAi"), Connector(p), Options<TranscriptionOptions>(p), Clock(p)));
        services.AddSingleton<ISynthesizerProvider>(p => new ElevenLabsSynthesizers(Vendor(p, "ElevenLabs"), Connector(p), Options<SynthesisOptions>(p), Clock(p)));
        services.AddSingleton<ISynthesizerProvider>(p => new AuraSynthesizers(Vendor(p, "Deepgram"), Connector(p), Options<SynthesisOptions>(p), Clock(p)));
        services.AddSingleton(p => new ResilientTranscribers(
            p.GetServices<ITranscriberProvider>(), p.GetRequiredService<IProviderGate>(), Options<TranscriptionOptions>(p), Clock(p), p.GetRequiredService<ILogger<ResilientTranscribers>>()));
        services.AddSingleton(p => new ResilientSynthesizers(p.GetRequiredService<IProviderGate>(), Options<SynthesisOptions>(p), Clock(p), p.GetRequiredService<ILogger<ResilientSynthesizers>>()));
        return services;
    }

    private static VendorOptions Vendor(IServiceProvider provider, string name) => provider.GetRequiredService<IOptionsMonitor<VendorOptions>>().Get(name);

    private static T Options<T>(IServiceProvider provider)
        where T : class => provider.GetRequiredService<IOptions<T>>().Value;

    private static VendorConnector Connector(IServiceProvider provider) => provider.GetRequiredService<VendorConnector>();

    private static TimeProvider Clock(IServiceProvider provider) => provider.GetRequiredService<TimeProvider>();
}
