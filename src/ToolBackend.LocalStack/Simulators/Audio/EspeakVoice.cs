using System.Buffers.Binary;
using System.Diagnostics;
using ToolBackend.LocalStack.Processes;

namespace ToolBackend.LocalStack.Simulators.Audio;

/// <summary>Real speech from the Debian package <c>espeak-ng</c>, so that a person can listen to a simulated call. Tests do not use it: a soft tone takes no time.</summary>
/// <param name="program">Path of espeak-ng.</param>
/// <param name="voice">As espeak-ng names voices.</param>
public sealed class EspeakVoice(string program, string voice)
{
    /// <summary>The one that vendors of speech speak with.</summary>
    public const string Agent = "en-us";

    /// <summary>Somebody else's.</summary>
    public const string Caller = "en-gb+f3";

    private const int HeaderBytes = 44;
    private const int RateAt = 24;
    private const int WordsPerMinute = 165;

    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(5);

    /// <summary>Null when espeak-ng is not installed.</summary>
    public static EspeakVoice? Find(string voice) => Executables.Find("espeak-ng") is { } program ? new EspeakVoice(program, voice) : null;

    /// <summary>16-bit samples, 8,000 a second.</summary>
    /// <exception cref="LocalStackException">espeak-ng failed, or took longer than 5 s.</exception>
    public short[] Speak(string text)
    {
        var start = new ProcessStartInfo(program, ["-v", voice, "-s", $"{WordsPerMinute}", "-z", "--stdin", "--stdout"])
        {
            UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        using var espeak = Process.Start(start) ?? throw new LocalStackException("espeak-ng did not start.");
        using var sound = new MemoryStream();
        using var limit = new CancellationTokenSource(s_deadline);
        using var kill = limit.Token.UnsafeRegister(static process => ((Process)process!).Kill(), espeak);
        espeak.StandardInput.Write(text);
        espeak.StandardInput.Close();
        espeak.StandardOutput.BaseStream.CopyTo(sound);
        var complaint = espeak.StandardError.ReadToEnd();
        espeak.WaitForExit();
        var wav = sound.GetBuffer().AsSpan(0, (int)sound.Length);
        return espeak.ExitCode == 0 && wav.Length >= HeaderBytes
            ? Resample(wav[HeaderBytes..], BinaryPrimitives.ReadInt32LittleEndian(wav[RateAt..]))
            : throw new LocalStackException($"espeak-ng failed (exit code {espeak.ExitCode}). {complaint}");
    }

    /// <summary>Each sample is the mean of those it stands for: enough of a low-pass for a telephone.</summary>
    private static short[] Resample(ReadOnlySpan<byte> pcm, int rate)
    {
        var count = pcm.Length / 2;
        var samples = new short[(int)((long)count * MuLaw.BytesPerSecond / rate)];
        for (var i = 0; i < samples.Length; i++)
        {
            var from = (int)((long)i * rate / MuLaw.BytesPerSecond);
            var to = Math.Max(from + 1, (int)((long)(i + 1) * rate / MuLaw.BytesPerSecond));
            var sum = 0;
            for (var at = from; at < to; at++)
            {
                sum += BinaryPrimitives.ReadInt16LittleEndian(pcm[(at * 2)..]);
            }

            samples[i] = (short)(sum / (to - from));
        }

        return samples;
    }
}
