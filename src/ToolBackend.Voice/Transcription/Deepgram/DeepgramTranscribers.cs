using ToolBackend.Vapi.Definitions.Model;
using ToolBackend.Voice.Audio;
using ToolBackend.Voice.Providers;
using ToolBackend.Voice.Providers.Sockets;

namespace ToolBackend.Voice.Transcription.Deepgram;

/// <summary>Deepgram: Flux where the definition's model says so, nova and older models else.</summary>
internal sealed class DeepgramTranscribers(VendorOptions vendor, VendorConnector connector, TranscriptionOptions options, TimeProvider time) : ITranscriberProvider
{
    private const string PublicAddress = "https://api.deepgram.com";

    private readonly string _address = VendorAddress.Checked(vendor.BaseUrl ?? PublicAddress);

    public string Name => DeepgramFault.Provider;

    public bool IsConfigured => !string.IsNullOrEmpty(vendor.ApiKey);

    public ITranscriber Open(TranscriberModel settings, double? eagerThreshold)
    {
        var query = settings.IsFlux ? DeepgramQuery.Flux(settings, eagerThreshold) : DeepgramQuery.Nova(settings, options.UtteranceEndMilliseconds);
        // "Bearer" with an API key is refused.
        var request = new SocketRequest(Name, VendorAddress.Socket(_address, query), "Authorization", $"Token {vendor.ApiKey}");
        var piece = options.PieceMilliseconds * MuLaw.BytesPerMillisecond;
        TranscriberProtocol protocol = settings.IsFlux
            ? new FluxProtocol(request, piece, new DeafnessRule(options.FluxDeafAfter, options.GreetingDeadline, OnlyVoice: false), settings.ConfidenceThreshold)
            : new NovaProtocol(request, piece, new DeafnessRule(options.NovaDeafAfter, Greeting: null, OnlyVoice: false), settings.ConfidenceThreshold);
        return new TranscriberSocket(protocol, connector, options, time);
    }
}
