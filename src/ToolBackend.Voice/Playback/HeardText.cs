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
    private readonly List<(int Characters, int Bytes)> _aligned = [];
    private readonly List<(int Characters, int Bytes)> _flushes = [];
    private int _flushed;
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
            _flushed = _given.Length;
        }
    }

    /// <summary>Audio that came of it.</summary>
    /// <param name="trimmed">Bytes of silence taken from its front.</param>
    public void Add(in SpeechAudio audio, int trimmed)
    {
        if (audio.Alignment is { } alignment)
        {
            for (var i = 0; i < alignment.StartMs.Count; i++)
            {
                Advance(alignment.Text[i]);
                _aligned.Add((_spoken, Math.Max(0, _bytes + (alignment.StartMs[i] * Playout.BytesPerMillisecond) - trimmed)));
            }
        }

        _bytes += audio.MuLaw.Length - trimmed;
        if (audio.EndsFlush)
        {
            _flushes.Add((_flushed, _bytes));
        }
    }

    /// <summary>Another voice says it again from here: a part of a sentence is heard twice, and stands once.</summary>
    /// <param name="characters">Of <see cref="All"/>.</param>
    public void GoBack(int characters) => _spoken = characters;

    /// <summary>The words that were heard when so many bytes had been played; a word counts from its middle.</summary>
    public string At(int bytes, bool isComplete = false)
    {
        if (isComplete && bytes >= _bytes)
        {
            return All.Trim();
        }

        return Words(All, _aligned.Count > 0 ? AlignedCharacters(bytes) : EstimatedCharacters(bytes));
    }

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

    private int AlignedCharacters(int bytes)
    {
        var characters = 0;
        foreach (var point in _aligned)
        {
            if (point.Bytes >= bytes)
            {
                break;
            }

            characters = Math.Max(characters, point.Characters);
        }

        return characters;
    }

    private int EstimatedCharacters(int bytes)
    {
        var (characters, from) = (0, 0);
        foreach (var flush in _flushes)
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
}
