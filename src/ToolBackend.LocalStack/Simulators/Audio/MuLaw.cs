namespace ToolBackend.LocalStack.Simulators.Audio;

/// <summary>G.711 mu-law, 8,000 samples a second, one byte a sample: what telephone audio is on every wire here.</summary>
public static class MuLaw
{
    /// <summary>8 bytes are a millisecond.</summary>
    public const int BytesPerSecond = 8000;

    /// <summary>20 ms, what Twilio sends at a time.</summary>
    public const int FrameBytes = 160;

    /// <summary>A sample of nothing (linear 0).</summary>
    public const byte Silence = 0xFF;

    private const int Bias = 132;
    private const int Loudest = 32635;

    private static readonly short[] s_linear = [.. Enumerable.Range(0, 256).Select(code => Expand((byte)code))];

    /// <summary>16-bit linear sample of a mu-law byte.</summary>
    public static short Decode(byte sample) => s_linear[sample];

    /// <summary>Mu-law byte of a 16-bit linear sample.</summary>
    public static byte Encode(short sample)
    {
        var sign = sample < 0 ? 0x80 : 0;
        var magnitude = Math.Min(Math.Abs((int)sample), Loudest) + Bias;
        var exponent = 31 - int.LeadingZeroCount(magnitude) - 7;
        var mantissa = (magnitude >> (exponent + 3)) & 0x0F;
        return (byte)~(sign | (exponent << 4) | mantissa);
    }

    /// <exception cref="ArgumentException">The target is shorter than the source.</exception>
    public static void Decode(ReadOnlySpan<byte> samples, Span<short> linear)
    {
        for (var i = 0; i < samples.Length; i++)
        {
            linear[i] = s_linear[samples[i]];
        }
    }

    /// <exception cref="ArgumentException">The target is shorter than the source.</exception>
    public static void Encode(ReadOnlySpan<short> linear, Span<byte> samples)
    {
        for (var i = 0; i < linear.Length; i++)
        {
            samples[i] = Encode(linear[i]);
        }
    }

    public static TimeSpan Duration(long bytes) => TimeSpan.FromTicks(bytes * (TimeSpan.TicksPerSecond / BytesPerSecond));

    public static int Bytes(TimeSpan duration) => (int)(duration.Ticks / (TimeSpan.TicksPerSecond / BytesPerSecond));

    private static short Expand(byte code)
    {
        var bits = (byte)~code;
        var magnitude = ((((bits & 0x0F) << 3) + Bias) << ((bits & 0x70) >> 4)) - Bias;
        return (short)((bits & 0x80) != 0 ? -magnitude : magnitude);
    }
}
