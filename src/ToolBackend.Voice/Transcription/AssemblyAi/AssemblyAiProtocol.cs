using ToolBackend.Voice.Providers;
using ToolBackend.Voice.Providers.Sockets;

namespace ToolBackend.Voice.Transcription.AssemblyAi;

/// <summary>AssemblyAI's streaming, <c>/v3/ws</c>: pieces of 50 ms and more, the last one too, and never faster than they were spoken. Without Terminate a session is billed for hours.</summary>
internal sealed class AssemblyAiProtocol(SocketRequest request, int pieceBytes, DeafnessRule deafness, double confidenceThreshold, bool early) : TranscriberProtocol
{
    private static readonly byte[] s_goodbye = """{"type":"Terminate"}"""u8.ToArray();

    private readonly AssemblyAiMessageReader _reader = new();
    private readonly AssemblyAiTurns _turns = new(confidenceThreshold, early);

    public override SocketRequest Request => request;

    public override int PieceBytes => pieceBytes;

    public override DeafnessRule Deafness => deafness;

    public override ReadOnlyMemory<byte> Goodbye => s_goodbye;

    public override bool FillsLastPiece => true;

    public override bool RealTimeOnly => true;

    public override bool Read(ReadOnlySpan<byte> message, TranscriptSink sink)
    {
        if (!_reader.TryRead(message, out var read))
        {
            return false;
        }

        if (read.Kind is AssemblyAiKind.Error)
        {
            throw AssemblyAiFault.Of(read.Code, read.Error ?? "");
        }

        _turns.Take(read, sink);
        return true;
    }

    public override ProviderException Closed(int status, string description) => AssemblyAiFault.Of(status, description);
}
