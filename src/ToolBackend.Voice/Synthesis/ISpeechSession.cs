using ToolBackend.Voice.Providers;
using ToolBackend.Voice.Providers.Sockets;

namespace ToolBackend.Voice.Synthesis;

/// <summary>What a vendor's messages mean on one <see cref="SpeechSocket"/>.</summary>
internal interface ISpeechSession
{
    /// <summary>Reads one message. Audio in it goes to the queue that is returned; null for none.</summary>
    /// <exception cref="ProviderException">The vendor reports an error that ends the connection, or does not speak the protocol.</exception>
    SpeechQueue? Read(Received kind, ReadOnlySpan<byte> message, out SpeechAudio audio);

    /// <summary>What a close frame means that we did not ask for. Status 0: there was none.</summary>
    ProviderException Closed(int status, string description);

    /// <summary>A frame that holds an idle connection; null for none. Called every <see cref="SynthesisOptions.KeepAlive"/>.</summary>
    byte[]? KeepAlive();

    /// <summary>The last call: the connection is gone. Null: it was ended by us.</summary>
    void Lost(ProviderException? fault);
}
