using ToolBackend.Voice.Providers;
using ToolBackend.Voice.Providers.Sockets;

namespace ToolBackend.Voice.Transcription.Deepgram;

/// <summary>nova, <c>/v1/listen</c>.</summary>
internal sealed class NovaProtocol(SocketRequest request, int pieceBytes, DeafnessRule deafness, double confidenceThreshold) : TranscriberProtocol
{
    private static readonly byte[] s_goodbye = """{"type":"CloseStream"}"""u8.ToArray();
    private static readonly byte[] s_keepAlive = """{"type":"KeepAlive"}"""u8.ToArray();

    private readonly NovaMessageReader _reader = new();
    private readonly NovaUtterances _utterances = new(confidenceThreshold);

    public override SocketRequest Request => request;

    public override int PieceBytes => pieceBytes;

    public override DeafnessRule Deafness => deafness;

    public override ReadOnlyMemory<byte> Goodbye => s_goodbye;

    public override ReadOnlyMemory<byte> KeepAlive => s_keepAlive;

    public override bool Read(ReadOnlySpan<byte> message, TranscriptSink sink)
    {
        if (!_reader.TryRead(message, out var read))
        {
            return false;
        }

        if (read.Kind is NovaKind.Error)
        {
            throw DeepgramFault.Error(read.Code);
        }

        _utterances.Take(read, sink);
        return true;
    }

    public override ProviderException Closed(int status, string description) => DeepgramFault.Closed(status, description);
}
