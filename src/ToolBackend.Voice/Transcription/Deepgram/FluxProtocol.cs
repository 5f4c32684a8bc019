using ToolBackend.Voice.Providers;
using ToolBackend.Voice.Providers.Sockets;

namespace ToolBackend.Voice.Transcription.Deepgram;

/// <summary>
/// Flux, <c>/v2/listen</c>. There is no KeepAlive (it is fatal; pings hold the connection) and after CloseStream neither an EndOfTurn nor Metadata.
/// </summary>
internal sealed class FluxProtocol(SocketRequest request, int pieceBytes, DeafnessRule deafness, double confidenceThreshold) : TranscriberProtocol
{
    private static readonly byte[] s_goodbye = """{"type":"CloseStream"}"""u8.ToArray();

    private readonly FluxMessageReader _reader = new();
    private readonly FluxTurns _turns = new(confidenceThreshold);

    public override SocketRequest Request => request;

    public override int PieceBytes => pieceBytes;

    public override DeafnessRule Deafness => deafness;

    public override ReadOnlyMemory<byte> Goodbye => s_goodbye;

    public override bool Read(ReadOnlySpan<byte> message, TranscriptSink sink)
    {
        if (!_reader.TryRead(message, out var read))
        {
            return false;
        }

        if (read.Kind is FluxKind.Error)
        {
            throw DeepgramFault.Error(read.Code);
        }

        _turns.Take(read, sink);
        return true;
    }

    public override ProviderException Closed(int status, string description) => DeepgramFault.Closed(status, description);
}
