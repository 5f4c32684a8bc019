using System.Threading.Channels;
using ToolBackend.Vapi.Definitions.Model;

namespace ToolBackend.Voice.Synthesis;

/// <summary>One utterance being synthesised. Disposing of it before its end cancels it at the vendor.</summary>
public interface ISpeechStream : IAsyncDisposable
{
    /// <summary>One reader. Ends when all was synthesised, or with a <see cref="Providers.ProviderException"/>. Bounded by what the vendor may send ahead (60 s of audio); beyond it the vendor waits.</summary>
    ChannelReader<SpeechAudio> Audio { get; }

    /// <summary>Adds whole words; never waits. Audio of it may come at once or after the next flush.</summary>
    /// <param name="flush">Synthesise everything given so far now.</param>
    void Write(string text, bool flush);

    /// <summary>No more text comes. Flushes.</summary>
    void Complete();
}

/// <summary>A warm connection to a vendor of speech synthesis, for one call and one voice. One utterance is spoken at a time; those cancelled may still be ending.</summary>
public interface ISynthesizer : IAsyncDisposable
{
    /// <summary>As definitions name it.</summary>
    string Provider { get; }

    /// <summary>Connects if it must, behind: returns at once.</summary>
    ISpeechStream Begin();
}

/// <summary>A vendor of speech synthesis.</summary>
public interface ISynthesizerProvider
{
    /// <summary>As definitions name it: <c>11labs</c>, <c>deepgram</c>.</summary>
    string Name { get; }

    /// <summary>Where it is spoken to, such as <c>https://api.elevenlabs.io</c>.</summary>
    string Address { get; }

    /// <summary>False without a key.</summary>
    bool IsConfigured { get; }

    /// <summary>Returns at once and connects behind, so that the first utterance finds the connection open.</summary>
    ISynthesizer Open(VoiceModel voice);
}
