using System.Text;

namespace ToolBackend.LocalStack.Simulators.Audio;

/// <summary>Speaks one utterance word by word. Not for several threads.</summary>
public sealed class AudibleTextWriter
{
    /// <summary>UTF-8 bytes that a word may have.</summary>
    public const int LongestWord = byte.MaxValue * AudibleFrame.FragmentBytes;

    /// <summary>100 ms: longer than any repetition that <see cref="AudibleTextReader"/> takes for a hiccup of the line.</summary>
    internal const int FewestFrames = 5;

    private readonly ushort _utterance;
    private readonly TimeSpan _perCharacter;
    private TimeSpan _due;
    private int _frames;

    /// <param name="utterance">Differs from that of the utterances spoken before and after it on the same stream: <see cref="AudibleText.NextUtterance"/>.</param>
    /// <param name="perCharacter">Audio for each character of a word and one space. Default <see cref="AudibleText.PerCharacter"/>; a word takes 100 ms at least.</param>
    public AudibleTextWriter(ushort utterance, TimeSpan? perCharacter = null)
    {
        _utterance = utterance;
        _perCharacter = perCharacter ?? AudibleText.PerCharacter;
    }

    /// <summary>The audio of one word over a soft tone.</summary>
    /// <exception cref="ArgumentException">No word, or one over <see cref="LongestWord"/>.</exception>
    /// <exception cref="InvalidOperationException">The utterance would pass 65,536 frames (21 minutes).</exception>
    public byte[] Speak(string word)
    {
        _due += _perCharacter * (word.Length + 1);
        var audio = new byte[Math.Max(FewestFrames, (int)Math.Round(_due / AudibleText.Frame) - _frames) * MuLaw.FrameBytes];
        SoftTone.Fill(audio, word);
        return Mark(word, audio);
    }

    /// <summary>Puts a word into the given mu-law sound, which is as long as the word is to last: whole frames, 5 to 255. It is made longer where the word needs that.</summary>
    /// <exception cref="ArgumentException">No word, or one over <see cref="LongestWord"/>.</exception>
    /// <exception cref="InvalidOperationException">The utterance would pass 65,536 frames (21 minutes).</exception>
    public byte[] Mark(string word, byte[] sound)
    {
        var text = Encoding.UTF8.GetBytes(word);
        if (text.Length is 0 or > LongestWord)
        {
            throw new ArgumentException($"A word has 1 to {LongestWord} bytes, not {text.Length}.", nameof(word));
        }

        var fragments = (text.Length + AudibleFrame.FragmentBytes - 1) / AudibleFrame.FragmentBytes;
        var twice = fragments == 1 ? 1 : fragments * 2; // so that a lost frame loses no text
        var frames = Math.Clamp(sound.Length / MuLaw.FrameBytes, Math.Min(Math.Max(FewestFrames, twice), byte.MaxValue), byte.MaxValue);
        if (_frames + frames > ushort.MaxValue + 1)
        {
            throw new InvalidOperationException("An utterance has at most 65,536 frames.");
        }

        var length = sound.Length;
        Array.Resize(ref sound, frames * MuLaw.FrameBytes);
        if (sound.Length > length)
        {
            sound.AsSpan(length).Fill(MuLaw.Silence);
        }

        for (var i = 0; i < frames; i++)
        {
            var from = i % fragments * AudibleFrame.FragmentBytes;
            var fragment = text.AsSpan(from, Math.Min(AudibleFrame.FragmentBytes, text.Length - from));
            new AudibleFrame(_utterance, (ushort)(_frames + i), (byte)i, (byte)frames, (byte)fragments).Write(fragment, sound.AsSpan(i * MuLaw.FrameBytes, MuLaw.FrameBytes));
        }

        _frames += frames;
        return sound;
    }
}
