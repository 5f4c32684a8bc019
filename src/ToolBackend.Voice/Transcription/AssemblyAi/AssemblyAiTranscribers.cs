using ToolBackend.Vapi.Definitions.Model;
using ToolBackend.Voice.Audio;
using ToolBackend.Voice.Providers;
using ToolBackend.Voice.Providers.Sockets;

namespace ToolBackend.Voice.Transcription.AssemblyAi;

/// <summary>AssemblyAI's streaming transcription. Its ends of turn keep the vendor's own thresholds.</summary>
internal sealed class AssemblyAiTranscribers(VendorOptions vendor, VendorConnector connector, TranscriptionOptions options, TimeProvider time) : ITranscriberProvider
{
    private const string PublicAddress = "https://streaming.assemblyai.com";

    private readonly string _address = VendorAddress.Checked(vendor.BaseUrl ?? PublicAddress);

    public string Name => AssemblyAiFault.Provider;

    public bool IsConfigured => !string.IsNullOrEmpty(vendor.ApiKey);

    public ITranscriber Open(TranscriberModel settings, double? eagerThreshold)
    {
        // The key stands alone: with "Bearer" or "Token" before it, it is refused.
        var request = new SocketRequest(Name, VendorAddress.Socket(_address, AssemblyAiQuery.Of(settings)), "Authorization", vendor.ApiKey ?? "");
        var rule = new DeafnessRule(options.AssemblyAiDeafAfter, options.GreetingDeadline, OnlyVoice: true);
        var protocol = new AssemblyAiProtocol(request, options.AssemblyAiPieceMilliseconds * MuLaw.BytesPerMillisecond, rule, settings.ConfidenceThreshold, eagerThreshold is not null);
        return new TranscriberSocket(protocol, connector, options, time);
    }
}
