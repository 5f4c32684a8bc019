using System.Threading.Channels;
using ToolBackend.Vapi.Definitions.Model;

namespace ToolBackend.Voice.Transcription;

/// <summary>One connection that turns a caller's audio into text, for one call.</summary>
public interface ITranscriber : IAsyncDisposable
{
    /// <summary>
    /// Bounded; one reader. Ends without an error when the transcriber was disposed of, and with a <see cref="Providers.ProviderException"/> when it can hear no longer.
    /// </summary>
    ChannelReader<TranscriptEvent> Events { get; }

    /// <summary>
    /// Takes headerless mu-law, 8 kHz, mono, copies it and never waits: what comes before the connection is open is kept (the last 5 s), and pieces are joined to the size that the vendor
    /// wants. One caller at a time.
    /// </summary>
    void Write(ReadOnlySpan<byte> audio);
}

/// <summary>A vendor of transcription.</summary>
public interface ITranscriberProvider
{
    /// <summary>As definitions name it: <c>deepgram</c>, <c>assembly-ai</c>.</summary>
    string Name { get; }

    /// <summary>False without a key.</summary>
    bool IsConfigured { get; }

    /// <summary>Returns at once and connects behind: a failure ends <see cref="ITranscriber.Events"/>.</summary>
    /// <param name="settings">Of the definition.</param>
    /// <param name="eagerThreshold">Flux: asks for early ends of turn; null for none.</param>
    ITranscriber Open(TranscriberModel settings, double? eagerThreshold);
}
