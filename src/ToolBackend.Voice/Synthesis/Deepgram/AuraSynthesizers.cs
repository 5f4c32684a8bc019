using ToolBackend.Vapi.Definitions.Model;
using ToolBackend.Voice.Providers;
using ToolBackend.Voice.Providers.Sockets;
using ToolBackend.Voice.Transcription.Deepgram;

namespace ToolBackend.Voice.Synthesis.Deepgram;

/// <summary>Deepgram's voices, Aura and Aura-2.</summary>
internal sealed class AuraSynthesizers(VendorOptions vendor, VendorConnector connector, SynthesisOptions options, TimeProvider time) : ISynthesizerProvider
{
    private const string PublicAddress = "https://api.deepgram.com";

    public string Address { get; } = VendorAddress.Checked(vendor.BaseUrl ?? PublicAddress);

    public string Name => DeepgramFault.Provider;

    public bool IsConfigured => !string.IsNullOrEmpty(vendor.ApiKey);

    public ISynthesizer Open(VoiceModel voice) =>
        new AuraSynthesizer(new SocketRequest(Name, VendorAddress.Socket(Address, AuraFrames.Address(voice)), "Authorization", $"Token {vendor.ApiKey}"), connector, options, time);
}
