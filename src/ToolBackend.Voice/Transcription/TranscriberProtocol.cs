using ToolBackend.Voice.Providers;
using ToolBackend.Voice.Providers.Sockets;

namespace ToolBackend.Voice.Transcription;

/// <summary>What differs between vendors on one connection: where, what is sent beside the audio, and what their messages mean. Knows no socket and no clock.</summary>
internal abstract class TranscriberProtocol
{
    public abstract SocketRequest Request { get; }

    /// <summary>Bytes of audio sent at once.</summary>
    public abstract int PieceBytes { get; }

    public abstract DeafnessRule Deafness { get; }

    /// <summary>Text that ends the stream and asks for its last words.</summary>
    public abstract ReadOnlyMemory<byte> Goodbye { get; }

    /// <summary>Text that holds the connection while no audio flows; empty when the vendor needs none.</summary>
    public virtual ReadOnlyMemory<byte> KeepAlive => default;

    /// <summary>The last piece is filled up with silence, since the vendor refuses short ones.</summary>
    public virtual bool FillsLastPiece => false;

    /// <summary>The vendor ends a connection that is sent audio faster than it was spoken.</summary>
    public virtual bool RealTimeOnly => false;

    /// <summary>Reads one text message.</summary>
    /// <returns>False: not a message of the protocol. Messages of unknown types are fine and give nothing.</returns>
    /// <exception cref="ProviderException">The vendor reports an error that ends the connection.</exception>
    public abstract bool Read(ReadOnlySpan<byte> message, TranscriptSink sink);

    /// <summary>What a close frame means that we did not ask for. Status 0: there was none.</summary>
    public abstract ProviderException Closed(int status, string description);
}
