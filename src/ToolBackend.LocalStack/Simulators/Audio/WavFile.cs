using System.Buffers.Binary;

namespace ToolBackend.LocalStack.Simulators.Audio;

/// <summary>Telephone audio as a file that every player opens: WAV, format 7 (mu-law), 8,000 samples a second, one channel.</summary>
public static class WavFile
{
    private const short FormatMuLaw = 7;
    private const int HeaderBytes = 58;

    public static byte[] Of(ReadOnlySpan<byte> muLaw)
    {
        var padded = muLaw.Length + (muLaw.Length & 1); // chunks have an even length
        var file = new byte[HeaderBytes + padded];
        "RIFF"u8.CopyTo(file);
        Number(4, HeaderBytes - 8 + padded);
        "WAVEfmt "u8.CopyTo(file.AsSpan(8));
        Number(16, 18);
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(20), FormatMuLaw);
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(22), 1); // channels
        Number(24, MuLaw.BytesPerSecond);
        Number(28, MuLaw.BytesPerSecond);
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(32), 1); // bytes of a sample
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(34), 8); // bits of a sample
        // Formats other than PCM say how many samples there are.
        "fact"u8.CopyTo(file.AsSpan(38));
        Number(42, 4);
        Number(46, muLaw.Length);
        "data"u8.CopyTo(file.AsSpan(50));
        Number(54, muLaw.Length);
        muLaw.CopyTo(file.AsSpan(HeaderBytes));
        return file;

        void Number(int at, int value) => BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(at), value);
    }
}
