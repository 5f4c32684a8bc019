namespace ToolBackend.Voice.Transcription;

/// <summary>
/// Joins what a new connection hears in replayed audio to what a lost one had heard of the same turn, so that nobody behind it notices. Pure.
/// <code>
/// new text within the old one    nothing: it was heard already
/// an end within the old one      nothing: what is heard next is joined to it
/// new text reaches the old end   what of the old one was before the replay, then the new text
/// </code>
/// </summary>
/// <param name="before">Words of the turn that were heard already; not empty.</param>
/// <param name="whole">The replay begins before the turn does: the new text replaces the old one.</param>
/// <param name="replayed">How long the replay is: an end that the new connection sees behind it is one, whatever it heard.</param>
internal sealed class TurnSplice(string before, bool whole, TimeSpan replayed)
{
    /// <summary>Fewer words than this may stand anywhere.</summary>
    private const int FewWords = 3;

    /// <summary>A word that the second hearing has not, at the very end, was misheard by one of the two.</summary>
    private const int LastWords = 1;

    private readonly string[] _before = Words(before);
    private string _segments = "";
    private string? _prefix;

    /// <summary>The new connection has caught up and the turn is over: nothing is left to join.</summary>
    public bool IsDone { get; private set; }

    /// <summary>What is given if the new connection hears nothing of the turn: the words that were heard.</summary>
    public string Before => Longer(before, _segments);

    /// <summary>Null: nothing new.</summary>
    public TranscriptEvent? Take(in TranscriptEvent heard)
    {
        if (heard.Kind is TranscriptKind.SpeechStarted)
        {
            return null;
        }

        var isEnd = heard.Kind is TranscriptKind.Over or TranscriptKind.Paused;
        var text = Join(_segments, heard.Text);
        var (merged, left) = Merge(text, isEnd);
        if (isEnd)
        {
            return End(heard, text, merged, left);
        }

        return left > 0 ? null : heard with { Text = merged };
    }

    private TranscriptEvent? End(in TranscriptEvent heard, string text, string merged, int left)
    {
        if (left > LastWords && !(heard.HeardTo >= replayed))
        {
            _segments = text;
            return null;
        }

        IsDone = true;
        return heard with { Text = left > 0 ? Longer(before, text) : merged };
    }

    private (string Merged, int Left) Merge(string text, bool isEnd)
    {
        if (_prefix is not null)
        {
            return (Join(_prefix, text), 0);
        }

        var words = Words(text);
        var place = WordOverlap.Find(_before, words);
        if (whole)
        {
            var left = place?.Left ?? Math.Max(0, _before.Length - words.Length);
            _prefix = left == 0 ? "" : null;
            return (text, left);
        }

        if (place is null)
        {
            // Too little to be sure that it is new.
            var unsure = words.Length < FewWords && !isEnd;
            _prefix = unsure || words.Length == 0 ? null : before;
            return (Join(before, text), unsure || words.Length == 0 ? _before.Length : 0);
        }

        var prefix = string.Join(' ', _before[..place.Value.Start]);
        _prefix = place.Value.Left == 0 ? prefix : null;
        return (Join(prefix, text), place.Value.Left);
    }

    private static string Longer(string one, string other) => Words(other).Length > Words(one).Length ? other : one;

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static string Join(string first, string second) => first.Length == 0 ? second : second.Length == 0 ? first : $"{first} {second}";
}
