namespace ToolBackend.Voice.Audio;

/// <summary>G.711 mu-law, 8 kHz, mono: one byte a sample, 8 bytes a millisecond, and the more bits of the magnitude are cleared the louder.</summary>
internal static class MuLaw
{
    public const int BytesPerMillisecond = 8;
    public const int BytesPerSecond = 8000;

    /// <summary>No sound.</summary>
    public const byte Silence = 0xFF;

    private static readonly short[] s_linear = Linear();

    /// <summary>The sample's value, -32124 to 32124.</summary>
    public static short Decode(byte sample) => s_linear[sample];

    /// <summary>The nearest sample to a value.</summary>
    public static byte Encode(short value)
    {
        var nearest = 0;
        for (var i = 1; i < s_linear.Length; i++)
        {
            if (Math.Abs(s_linear[i] - value) < Math.Abs(s_linear[nearest] - value))
            {
                nearest = i;
            }
        }

        return (byte)nearest;
    }

    public static TimeSpan Duration(long bytes) => TimeSpan.FromTicks(bytes * TimeSpan.TicksPerSecond / BytesPerSecond);

    /// <summary>Bytes of audio that a time holds, rounded down.</summary>
    public static int Bytes(TimeSpan duration) => (int)(duration.Ticks * BytesPerSecond / TimeSpan.TicksPerSecond);

    /// <summary>Mean absolute value of the samples, 0 to 32124. Speech on a telephone line is in the hundreds and thousands, line noise below about 100. 0 for nothing.</summary>
    public static int MeanLevel(ReadOnlySpan<byte> audio)
    {
        if (audio.IsEmpty)
        {
            return 0;
        }

        long sum = 0;
        foreach (var sample in audio)
        {
            sum += Math.Abs((int)s_linear[sample]);
        }

        return (int)(sum / audio.Length);
    }

    private static short[] Linear()
    {
        var table = new short[256];
        for (var i = 0; i < table.Length; i++)
        {
            var inverted = ~i;
            var magnitude = ((((inverted & 0x0F) << 3) + 0x84) << ((inverted >> 4) & 7)) - 0x84;
            table[i] = (short)((inverted & 0x80) != 0 ? -magnitude : magnitude);
        }

        return table;
    }
}
