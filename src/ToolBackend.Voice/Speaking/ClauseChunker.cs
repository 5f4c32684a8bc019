using System.Text;

namespace ToolBackend.Voice.Speaking;

/// <summary>
/// Cuts a reply that a model is still writing into pieces for the voice: the first as early as a clause allows, then whole sentences. Pure: time is given.
/// <code>
/// first chunk   at a sentence's end; behind , ; : or a dash with enough before it; behind a few words that stand alone
/// then          at each sentence's end, at once; a very long sentence at a clause
/// pause         the model wrote nothing for a while: up to the last word that stands alone
/// </code>
/// Numbers, dates, amounts, times, phone numbers, addresses and titles with their names are never cut.
/// How the text was cut into tokens does not matter, with one exception: a full stop behind a plain word, at the very end of what came so far, is taken for the end of a sentence without waiting
/// for what follows (waiting costs a token each time). A model writes the full stop inside of <c>example.com</c> in one token with the letters behind it.
/// </summary>
internal sealed class ClauseChunker(ClauseChunkerOptions options)
{
    private readonly StringBuilder _pending = new();
    private TimeSpan _addedAt;
    private bool _given;
    private bool _complete;
    private bool _paused;

    /// <summary>When <see cref="TryTake"/> should be asked again though nothing was added; null: no need.</summary>
    public TimeSpan? Due => _pending.Length > 0 && !_paused && !_complete ? _addedAt + options.Pause : null;

    /// <param name="now">Of any clock that goes on.</param>
    public void Add(ReadOnlySpan<char> piece, TimeSpan now)
    {
        if (piece.IsEmpty)
        {
            return;
        }

        _pending.Append(piece);
        (_addedAt, _paused) = (now, false);
    }

    /// <summary>No more text comes.</summary>
    public void Complete() => _complete = true;

    /// <summary>Ask until it says no.</summary>
    public bool TryTake(TimeSpan now, out SpokenChunk chunk)
    {
        chunk = default;
        if (_pending.Length == 0)
        {
            return false;
        }

        var pauses = now - _addedAt >= options.Pause;
        var more = _complete ? ClauseBoundary.More.Never : pauses ? ClauseBoundary.More.Pauses : ClauseBoundary.More.Comes;
        var text = _pending.ToString();
        var length = ClauseBoundary.Find(text, !_given, more, options, out var endsSentence);
        if (length == 0 || string.IsNullOrWhiteSpace(text[..length]))
        {
            _paused = pauses;
            return false;
        }

        chunk = new SpokenChunk(text[..length], endsSentence || (_complete && length == text.Length));
        _pending.Remove(0, length);
        _given = true;
        return true;
    }
}
