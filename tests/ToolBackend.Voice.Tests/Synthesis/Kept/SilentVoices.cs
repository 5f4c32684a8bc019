using ToolBackend.Vapi.Definitions.Model;
using ToolBackend.Voice.Synthesis;

namespace ToolBackend.Voice.Tests.Synthesis.Kept;

/// <summary>A vendor that is only named: nothing is asked of it.</summary>
internal sealed class SilentVoices(string address = "https://voices.example") : ISynthesizerProvider
{
    public string Name => "11labs";

    public string Address => address;

    public bool IsConfigured => true;

    public ISynthesizer Open(VoiceModel voice) => throw new InvalidOperationException("This vendor is only named.");
}
