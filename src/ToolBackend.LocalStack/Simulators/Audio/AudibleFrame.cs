using System.Buffers.Binary;

namespace ToolBackend.LocalStack.Simulators.Audio;

/// <summary>
/// What the least significant bits of the 160 samples of a frame of audible text say, 20 bytes, low bit first:
/// <code>
///  0-1   sync word
///  2     CRC-8 of bytes 3 to 19
///  3-4   utterance
///  5-6   number of the frame in the utterance
///  7     number of the frame in its word
///  8     frames of the word
///  9     fragments of the word's text; frame n of the word carries fragment n modulo this
/// 10-19  the fragment, UTF-8, the word's end filled up with zeros
/// </code>
/// </summary>
internal readonly record struct AudibleFrame(ushort Utterance, ushort Number, byte NumberInWord, byte FramesInWord, byte Fragments)
{
    public const int FragmentBytes = 10;

    private const int MarkBytes = MuLaw.FrameBytes / 8;
    private const int CheckedFrom = 3;
    private const int TextFrom = 10;

    // The lowest bit is 0: a frame never begins with a sample of silence, so whoever looks for one may leap over silence.
    private const byte SyncLow = 0xA6;
    private const byte SyncHigh = 0x5D;

    private const ulong EachLowestBit = 0x0101010101010101;

    private static readonly byte[] s_crc = [.. Enumerable.Range(0, 256).Select(Crc)];

    /// <summary>Number in the utterance of the first frame of its word: what tells one word of an utterance from the others.</summary>
    public ushort WordStart => (ushort)(Number - NumberInWord);

    /// <summary>Puts the mark into 160 samples.</summary>
    public void Write(ReadOnlySpan<byte> fragment, Span<byte> samples)
    {
        Span<byte> mark = stackalloc byte[MarkBytes];
        mark.Clear();
        mark[0] = SyncLow;
        mark[1] = SyncHigh;
        BinaryPrimitives.WriteUInt16LittleEndian(mark[3..], Utterance);
        BinaryPrimitives.WriteUInt16LittleEndian(mark[5..], Number);
        mark[7] = NumberInWord;
        mark[8] = FramesInWord;
        mark[9] = Fragments;
        fragment.CopyTo(mark[TextFrom..]);
        mark[2] = Check(mark);
        for (var i = 0; i < MarkBytes; i++)
        {
            var eight = samples.Slice(i * 8, 8);
            var carrier = BinaryPrimitives.ReadUInt64LittleEndian(eight) & ~EachLowestBit;
            BinaryPrimitives.WriteUInt64LittleEndian(eight, carrier | Spread(mark[i]));
        }
    }

    /// <param name="fragment">10 bytes; filled when a frame is there.</param>
    /// <returns>False when these 160 samples are no frame.</returns>
    public static bool TryRead(ReadOnlySpan<byte> samples, Span<byte> fragment, out AudibleFrame frame)
    {
        frame = default;
        if (Gather(samples) != SyncLow || Gather(samples[8..]) != SyncHigh)
        {
            return false;
        }

        Span<byte> mark = stackalloc byte[MarkBytes];
        for (var i = 0; i < MarkBytes; i++)
        {
            mark[i] = Gather(samples[(i * 8)..]);
        }

        if (mark[2] != Check(mark) || mark[9] == 0)
        {
            return false;
        }

        frame = new AudibleFrame(BinaryPrimitives.ReadUInt16LittleEndian(mark[3..]), BinaryPrimitives.ReadUInt16LittleEndian(mark[5..]), mark[7], mark[8], mark[9]);
        mark[TextFrom..].CopyTo(fragment);
        return true;
    }

    /// <summary>The lowest bits of eight samples, the first one's as bit 0: the factor adds each of them once, moved to its place in the highest byte.</summary>
    private static byte Gather(ReadOnlySpan<byte> samples) =>
        (byte)(((BinaryPrimitives.ReadUInt64LittleEndian(samples) & EachLowestBit) * 0x0102040810204080) >> 56);

    /// <summary>The other way: each byte keeps its own bit of the eight, and adding 0x7F carries it to bit 7.</summary>
    private static ulong Spread(byte bits) => (((((bits * EachLowestBit) & 0x8040201008040201) + 0x7F7F7F7F7F7F7F7F) >> 7) & EachLowestBit);

    private static byte Check(ReadOnlySpan<byte> mark)
    {
        byte crc = 0xFF;
        foreach (var value in mark[CheckedFrom..])
        {
            crc = s_crc[crc ^ value];
        }

        return crc;
    }

    private static byte Crc(int value)
    {
        for (var bit = 0; bit < 8; bit++)
        {
            value = (value & 0x80) != 0 ? (value << 1) ^ 0x07 : value << 1;
        }

        return (byte)value;
    }
}
