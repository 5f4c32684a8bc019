using System.Text;
using ToolBackend.LocalStack.Simulators.Audio;

namespace ToolBackend.LocalStack.Simulators.Voices;

/// <summary>Speaks text ahead and cuts the audio into chunks.</summary>
/// <param name="isFirst">It begins with the leading silence.</param>
internal sealed class SpokenBuffer(VoiceTiming timing, bool isFirst)
{
    // No utterance of so many words passes what an utterance may have, whatever its words are.
    private const int WordsInUtterance = 200;
    private const int LongestPiece = 500;

    private AudibleTextWriter _writer = new(AudibleText.NextUtterance(), timing.PerCharacter);
    private int _spoken;
    private readonly Queue<(string Word, byte[]? Sound)> _words = new();
    private readonly List<byte> _audio = [.. AudibleText.Silence(isFirst ? timing.LeadingSilence : TimeSpan.Zero)];
    private readonly List<SpokenCharacter> _characters = [];

    public bool IsEmpty => _words.Count == 0 && _audio.Count == 0;

    /// <param name="speech">The sound of the text; null for a soft tone.</param>
    public void Add(string text, short[]? speech)
    {
        var words = AudibleText.Words(text).SelectMany(word => word.Chunk(LongestPiece).Select(piece => new string(piece))).ToList();
        foreach (var (word, sound) in speech is null ? words.Select(word => (word, (byte[]?)null)) : AudibleText.Shares(words, speech).Select(share => (share.Word, (byte[]?)share.Sound)))
        {
            _words.Enqueue((word, sound));
        }
    }

    /// <summary>The next chunk, or the rest.</summary>
    public SpeechChunk Take()
    {
        var wanted = MuLaw.Bytes(timing.Chunk);
        while (_audio.Count < wanted && _words.TryDequeue(out var word))
        {
            Speak(word.Word, word.Sound);
        }

        var length = Math.Min(wanted, _audio.Count);
        var audio = _audio.GetRange(0, length).ToArray();
        var characters = _characters.FindAll(character => character.Start < length);
        _audio.RemoveRange(0, length);
        _characters.RemoveRange(0, characters.Count);
        for (var i = 0; i < _characters.Count; i++)
        {
            _characters[i] = _characters[i] with { Start = _characters[i].Start - length };
        }

        return new SpeechChunk(audio, characters);
    }

    private void Speak(string word, byte[]? sound)
    {
        if (++_spoken % WordsInUtterance == 0)
        {
            _writer = new AudibleTextWriter(AudibleText.NextUtterance(), timing.PerCharacter);
        }

        var start = _audio.Count;
        var audio = sound is null ? _writer.Speak(word) : _writer.Mark(word, sound);
        _audio.AddRange(audio);
        Rune[] text = [.. word.EnumerateRunes(), new Rune(' ')];
        for (var i = 0; i < text.Length; i++)
        {
            var from = audio.Length * i / text.Length;
            _characters.Add(new SpokenCharacter(text[i], start + from, (audio.Length * (i + 1) / text.Length) - from));
        }
    }
}
