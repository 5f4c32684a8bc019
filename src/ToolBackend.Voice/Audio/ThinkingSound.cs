namespace ToolBackend.Voice.Audio;

/// <summary>
/// Soft keys being typed, played while a tool works longer than its moment: silence on a telephone sounds like a lost call. Made here, once; the same two seconds over and over.
/// </summary>
internal static class ThinkingSound
{
    private const int Rate = 8000;

    /// <summary>Samples of one key.</summary>
    private const int Key = 120;

    /// <summary>Well below speech, which peaks at 8,000 and more.</summary>
    private const double Loudness = 900;

    /// <summary>Where keys fall, in milliseconds: unevenly, as somebody types.</summary>
    private static readonly int[] s_keys = [40, 190, 310, 520, 610, 760, 1090, 1210, 1400, 1500, 1730, 1870];

    private static readonly byte[] s_loop = Make();

    /// <param name="position">Bytes of it that were played before.</param>
    public static ReadOnlyMemory<byte> Piece(int position, int length)
    {
        var from = position % s_loop.Length;
        return s_loop.AsMemory(from, Math.Min(length, s_loop.Length - from));
    }

    private static byte[] Make()
    {
        var random = new Random(7);
        var samples = new short[2 * Rate];
        foreach (var key in s_keys)
        {
            var at = key * Rate / 1000;
            var loud = Loudness * (0.6 + (0.4 * random.NextDouble()));
            for (var i = 0; i < Key; i++)
            {
                samples[at + i] = (short)(loud * Math.Exp(-i / 25.0) * ((2 * random.NextDouble()) - 1));
            }
        }

        return [.. samples.Select(MuLaw.Encode)];
    }
}
