using System.Text;
using ToolBackend.Voice.Synthesis;

namespace ToolBackend.Voice.Playback;

/// <summary>
/// Which words of an utterance belong to which of its audio: so that the history holds what was heard and not what was generated. Exact with a vendor's alignment; else in proportion within what
/// one flush asked for.
/// </summary>
public sealed class HeardText
{
    /// <summary>Until a flush's length is known: audio of a character, as telephone voices speak.</summary>
    private const int BytesPerCharacter = 65 * Playout.BytesPerMillisecond;

    private readonly StringBuilder _given = new();
    private readonly List<int> _flushEnds = [];
    private readonly List<Stretch> _stretches = [new(0, 0)];
    private int _endedFlushes;
    private int _spoken;
    private int _bytes;

    /// <summary>Everything that was given to be spoken.</summary>
    public string All => _given.ToString();

    /// <summary>Text that was given to the synthesizer.</summary>
    public void Give(string text, bool flush)
    {
        _given.Append(text);
        if (flush)
        {
            _flushEnds.Add(_given.Length);
        }
    }

    /// <summary>Audio that came of it, of the voice that speaks now.</summary>
    /// <param name="trimmed">Bytes of silence taken from its front.</param>
    public void Add(in SpeechAudio audio, int trimmed)
    {
        if (audio.Alignment is { } alignment)
        {
            for (var i = 0; i < alignment.StartMs.Count; i++)
            {
                Advance(alignment.Text[i]);
                _stretches[^1].Aligned.Add((_spoken, Math.Max(0, _bytes + (alignment.StartMs[i] * Playout.BytesPerMillisecond) - trimmed)));
            }
        }

        _bytes += audio.MuLaw.Length - trimmed;
        if (audio.EndsFlush)
        {
            _endedFlushes = Math.Min(_flushEnds.Count, _endedFlushes + 1 + audio.JoinedFlushes);
            _stretches[^1].Flushes.Add((_endedFlushes > 0 ? _flushEnds[_endedFlushes - 1] : _given.Length, _bytes));
        }
    }

    /// <summary>Another voice says it again from here: a part of a sentence is heard twice, and stands once.</summary>
    /// <param name="characters">Of <see cref="All"/>.</param>
    public void GoBack(int characters)
    {
        _spoken = characters;
        _endedFlushes = _flushEnds.TakeWhile(end => end <= characters).Count();
        _stretches.Add(new Stretch(characters, _bytes));
    }

    /// <summary>Whether everything up to a character was heard when so many bytes had been played.</summary>
    /// <param name="characters">Of <see cref="All"/>.</param>
    public bool Covers(int characters, int bytes)
    {
        if (_endedFlushes > 0 && _flushEnds[_endedFlushes - 1] >= characters && bytes >= _bytes)
        {
            return true; // its voice has said all of it, whatever the alignment leaves out
        }

        while (characters > 0 && char.IsWhiteSpace(_given[characters - 1]))
        {
            characters--;
        }

        return Characters(bytes) >= characters;
    }

    /// <summary>The words that were heard when so many bytes had been played; a word counts from its middle.</summary>
    public string At(int bytes, bool isComplete = false)
    {
        if (isComplete && bytes >= _bytes)
        {
            return All.Trim();
        }

        return Words(All, Characters(bytes));
    }

    private int Characters(int bytes) => _stretches.Where(s => s.FromBytes <= bytes).Max(s => s.Aligned.Count > 0 ? AlignedCharacters(s, bytes) : EstimatedCharacters(s, bytes));

    /// <summary>Vendors drop or add spaces: only other characters count.</summary>
    private void Advance(char spoken)
    {
        if (char.IsWhiteSpace(spoken))
        {
            return;
        }

        while (_spoken < _given.Length && char.IsWhiteSpace(_given[_spoken]))
        {
            _spoken++;
        }

        _spoken = Math.Min(_spoken + 1, _given.Length);
    }

    private static int AlignedCharacters(Stretch stretch, int bytes)
    {
        var characters = 0;
        foreach (var point in stretch.Aligned)
        {
            if (point.Bytes >= bytes)
            {
                break;
            }

            characters = point.Characters;
        }

        return characters;
    }

    /// <summary>A stretch that another one followed ended where that began: what of it is not known to have been spoken is estimated only up to there.</summary>
    private int EstimatedCharacters(Stretch stretch, int bytes)
    {
        var next = _stretches.IndexOf(stretch) + 1;
        bytes = next < _stretches.Count ? Math.Min(bytes, _stretches[next].FromBytes) : bytes;
        var (characters, from) = (stretch.FromCharacters, stretch.FromBytes);
        foreach (var flush in stretch.Flushes)
        {
            if (bytes < flush.Bytes)
            {
                return characters + (int)((long)(flush.Characters - characters) * (bytes - from) / Math.Max(1, flush.Bytes - from));
            }

            (characters, from) = flush;
        }

        return Math.Min(_given.Length, characters + ((bytes - from) / BytesPerCharacter));
    }

    private static string Words(string text, int characters)
    {
        if (characters >= text.Length)
        {
            return text.Trim();
        }

        var start = characters;
        while (start > 0 && !char.IsWhiteSpace(text[start - 1]))
        {
            start--;
        }

        var end = characters;
        while (end < text.Length && !char.IsWhiteSpace(text[end]))
        {
            end++;
        }

        return text[..(2 * (characters - start) > end - start ? end : start)].Trim();
    }

    /// <summary>Audio of one voice, from a place in the text and in the audio on. Points: so many characters of all are heard with so many bytes.</summary>
    private sealed class Stretch(int fromCharacters, int fromBytes)
    {
        public int FromCharacters => fromCharacters;

        public int FromBytes => fromBytes;

        public List<(int Characters, int Bytes)> Aligned { get; } = [];

        public List<(int Characters, int Bytes)> Flushes { get; } = [];
    }
}
