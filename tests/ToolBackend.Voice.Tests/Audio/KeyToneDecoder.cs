using System.Text;
using ToolBackend.Voice.Audio;

namespace ToolBackend.Voice.Tests.Audio;

/// <summary>What a telephone menu hears: Goertzel's filter at the eight frequencies, over 20 ms at a time.</summary>
internal static class KeyToneDecoder
{
    private const int Frame = 160;
    private const string Keys = "123A456B789C*0#D";

    private static readonly double[] s_low = [697, 770, 852, 941];
    private static readonly double[] s_high = [1209, 1336, 1477, 1633];

    /// <summary>A key counts once until it is let go.</summary>
    public static string Read(ReadOnlySpan<byte> muLaw)
    {
        var read = new StringBuilder();
        var (before, current) = ('\0', '\0');
        for (var at = 0; at + Frame <= muLaw.Length; at += Frame)
        {
            var key = KeyOf(muLaw.Slice(at, Frame));
            if (key == before && key != current)
            {
                current = key; // two frames in a row
                if (key != '\0')
                {
                    read.Append(key);
                }
            }

            before = key;
        }

        return read.ToString();
    }

    private static char KeyOf(ReadOnlySpan<byte> frame)
    {
        var samples = new double[Frame];
        double energy = 0;
        for (var i = 0; i < Frame; i++)
        {
            samples[i] = MuLaw.Decode(frame[i]);
            energy += samples[i] * samples[i];
        }

        var low = s_low.Select(f => Power(samples, f)).ToList();
        var high = s_high.Select(f => Power(samples, f)).ToList();
        var (l, h) = (low.IndexOf(low.Max()), high.IndexOf(high.Max()));
        // Both tones, and next to nothing beside them.
        return energy > 1e8 && low[l] + high[h] > 0.8 * energy * Frame / 2 && low[l] > 0.2 * high[h] && high[h] > 0.2 * low[l] ? Keys[(4 * l) + h] : '\0';
    }

    private static double Power(double[] samples, double frequency)
    {
        var coefficient = 2 * Math.Cos(2 * Math.PI * frequency / MuLaw.BytesPerSecond);
        var (one, two) = (0.0, 0.0);
        foreach (var sample in samples)
        {
            (one, two) = (sample + (coefficient * one) - two, one);
        }

        return (one * one) + (two * two) - (coefficient * one * two);
    }
}
