using System.Text;

namespace ToolBackend.LocalStack.Simulators.Audio;

/// <summary>
/// Audible text: mu-law audio that carries its own words in the least significant bits of its samples. A simulated transcriber hears exactly what a simulated caller
/// says, and a simulated caller exactly which words of the agent were played. <see cref="AudibleTextReader"/> reads it.
/// </summary>
public static class AudibleText
{
    private static int s_utterances;

    /// <summary>65 ms, unhurried speech.</summary>
    public static TimeSpan PerCharacter { get; } = TimeSpan.FromMilliseconds(65);

    internal static TimeSpan Frame { get; } = TimeSpan.FromMilliseconds(20);

    /// <summary>A number for an utterance, unlike the last 65,535 of this process.</summary>
    public static ushort NextUtterance() => (ushort)Interlocked.Increment(ref s_utterances);

    /// <summary>The words as they will be heard: what stands between white space, punctuation included.</summary>
    public static IReadOnlyList<string> Words(string text)
    {
        // What UTF-8 cannot say (half a surrogate pair) is heard as U+FFFD; NUL fills up fragments, so it separates.
        var sayable = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)).Replace('\0', ' ');
        return sayable.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>The audio of a text over a soft tone, word by word without gaps. Empty when there are no words.</summary>
    /// <param name="perCharacter">Audio for each character. Default <see cref="PerCharacter"/>.</param>
    /// <exception cref="ArgumentException">A word over <see cref="AudibleTextWriter.LongestWord"/>.</exception>
    public static byte[] Encode(string text, TimeSpan? perCharacter = null)
    {
        var writer = new AudibleTextWriter(NextUtterance(), perCharacter);
        return [.. Words(text).SelectMany(writer.Speak)];
    }

    /// <summary>The words of a text put into recorded or synthesised speech that says it: each word gets a share of the sound by its length.</summary>
    /// <param name="speech">16-bit samples, 8,000 a second, one channel.</param>
    /// <exception cref="ArgumentException">A word over <see cref="AudibleTextWriter.LongestWord"/>.</exception>
    public static byte[] Encode(string text, ReadOnlySpan<short> speech)
    {
        var writer = new AudibleTextWriter(NextUtterance());
        return [.. Shares(Words(text), speech).SelectMany(share => writer.Mark(share.Word, share.Sound))];
    }

    /// <summary>Each word with its share of the sound, by its length: mu-law, whole frames.</summary>
    internal static IReadOnlyList<(string Word, byte[] Sound)> Shares(IReadOnlyList<string> words, ReadOnlySpan<short> speech)
    {
        var sound = new byte[(speech.Length + MuLaw.FrameBytes - 1) / MuLaw.FrameBytes * MuLaw.FrameBytes];
        sound.AsSpan().Fill(MuLaw.Silence);
        MuLaw.Encode(speech, sound);
        var frames = sound.Length / MuLaw.FrameBytes;
        var characters = words.Sum(word => word.Length + 1);
        var shares = new List<(string, byte[])>(words.Count);
        var (spoken, from) = (0, 0);
        foreach (var word in words)
        {
            spoken += word.Length + 1;
            var to = (int)((long)frames * spoken / characters);
            shares.Add((word, sound[(from * MuLaw.FrameBytes)..(to * MuLaw.FrameBytes)]));
            from = to;
        }

        return shares;
    }

    public static byte[] Silence(TimeSpan duration)
    {
        var silence = new byte[MuLaw.Bytes(duration)];
        silence.AsSpan().Fill(MuLaw.Silence);
        return silence;
    }
}
