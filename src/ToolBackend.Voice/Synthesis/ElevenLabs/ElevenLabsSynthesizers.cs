using ToolBackend.Vapi.Definitions.Model;
using ToolBackend.Voice.Providers;
using ToolBackend.Voice.Providers.Sockets;

namespace ToolBackend.Voice.Synthesis.ElevenLabs;

/// <summary>ElevenLabs over multi-stream-input.</summary>
internal sealed class ElevenLabsSynthesizers(VendorOptions vendor, VendorConnector connector, SynthesisOptions options, TimeProvider time) : ISynthesizerProvider
{
    private const string PublicAddress = "https://api.elevenlabs.io";

    public string Address { get; } = VendorAddress.Checked(vendor.BaseUrl ?? PublicAddress);

    public string Name => ElevenLabsFault.Provider;

    public bool IsConfigured => !string.IsNullOrEmpty(vendor.ApiKey);

    public ISynthesizer Open(VoiceModel voice)
    {
        var request = new SocketRequest(Name, VendorAddress.Socket(Address, ElevenLabsFrames.Address(voice)), "xi-api-key", vendor.ApiKey ?? "");
        return new ElevenLabsSynthesizer(request, voice, connector, options, time);
    }
}
