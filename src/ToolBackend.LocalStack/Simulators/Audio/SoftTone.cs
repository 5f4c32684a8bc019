namespace ToolBackend.LocalStack.Simulators.Audio;

/// <summary>The sound that words are put into when nobody brings speech: a quiet hum, its pitch by the word's first letter.</summary>
internal static class SoftTone
{
    private const double Amplitude = 1500;

    // Whole periods in a frame: frames can be put behind each other without a click.
    private static readonly byte[][] s_frames = [.. new[] { 150, 200, 250, 300 }.Select(Tone)];

    public static void Fill(Span<byte> audio, string word)
    {
        var frame = s_frames[word.Length == 0 ? 0 : word[0] % s_frames.Length];
        for (; audio.Length >= frame.Length; audio = audio[frame.Length..])
        {
            frame.CopyTo(audio);
        }

        audio.Fill(MuLaw.Silence);
    }

    private static byte[] Tone(int hertz) =>
        [.. Enumerable.Range(0, MuLaw.FrameBytes).Select(i => MuLaw.Encode((short)(Amplitude * Math.Sin(2 * Math.PI * hertz * i / MuLaw.BytesPerSecond))))];
}
