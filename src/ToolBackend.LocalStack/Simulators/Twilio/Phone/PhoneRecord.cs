namespace ToolBackend.LocalStack.Simulators.Twilio.Phone;

/// <summary>A word of the agent that was played to the caller. Times are <see cref="TimeProvider.GetTimestamp"/>.</summary>
/// <param name="Text">As written, with punctuation.</param>
/// <param name="IsWhole">False when it was cut off.</param>
/// <param name="At">When its last sound was played.</param>
public sealed record PlayedWord(string Text, bool IsWhole, int Utterance, long At);

/// <summary>Everything that happened on one call, as the caller and Twilio saw it. Lists are copies.</summary>
public sealed class PhoneRecord
{
    private readonly Lock _gate = new();
    private readonly List<PlayedWord> _heard = [];
    private readonly List<long> _onsets = [];
    private readonly List<long> _clears = [];
    private readonly List<(string Name, long At)> _marks = [];
    private readonly List<string> _violations = [];
    private readonly List<(long Begin, long End)> _silences = [];
    private readonly List<(string What, long At)> _said = [];

    /// <summary>Words of the agent in the order played.</summary>
    public IReadOnlyList<PlayedWord> Heard => Copy(_heard);

    /// <summary>When the first message of audio arrived after a pause, or a file began to play: the beginnings of the agent's sounds as received, not as played.</summary>
    public IReadOnlyList<long> Onsets => Copy(_onsets);

    public IReadOnlyList<long> Clears => Copy(_clears);

    /// <summary>How many words were heard so far, and when the last was; 0 for never.</summary>
    public (int Count, long LastAt) HeardSoFar
    {
        get
        {
            lock (_gate)
            {
                return (_heard.Count, _heard is [.., var last] ? last.At : 0);
            }
        }
    }

    /// <summary>The first onset after a moment; 0 for none.</summary>
    public long OnsetAfter(long at)
    {
        lock (_gate)
        {
            return _onsets.Find(o => o > at);
        }
    }

    public IReadOnlyList<(string Name, long At)> Marks => Copy(_marks);

    /// <summary>What the server did against the protocol (error 31951 and the like).</summary>
    public IReadOnlyList<string> Violations => Copy(_violations);

    /// <summary>What the caller did, and when it was done.</summary>
    public IReadOnlyList<(string What, long At)> Said => Copy(_said);

    /// <summary>Milliseconds of audio that waited at most.</summary>
    public int LongestLead { get; private set; }

    /// <summary>Times that the buffer ran dry and audio came within 100 ms: a gap in the middle of speech.</summary>
    public int Underruns { get; private set; }

    /// <summary>The longest time without any sound, from the moment that these words were heard until the last word of all.</summary>
    public TimeSpan LongestSilenceOf(string words)
    {
        lock (_gate)
        {
            var from = -1L;
            for (var i = 0; i < _heard.Count && from < 0; i++)
            {
                from = string.Join(' ', _heard.Take(i + 1).Select(w => w.Text)).Contains(words, StringComparison.OrdinalIgnoreCase) ? _heard[i].At : -1;
            }

            return from < 0 || _heard.Count == 0 ? TimeSpan.Zero : LongestSilence_NeedsLock(from, _heard[^1].At);
        }
    }

    /// <summary>The longest time without any sound in the answer to something that the caller said: from their last sound until the last word of it.</summary>
    public TimeSpan LongestSilenceAfter(string said)
    {
        lock (_gate)
        {
            var at = _said.FindIndex(s => s.What == said);
            var until = at + 1 < _said.Count ? _said[at + 1].At : long.MaxValue;
            return at >= 0 && _heard.FindLast(w => w.At > _said[at].At && w.At < until) is { } last ? LongestSilence_NeedsLock(_said[at].At, last.At) : TimeSpan.Zero;
        }
    }

    public long FramesSent { get; internal set; }

    public long BytesReceived { get; private set; }

    internal void Silent(long begin, long end) => Add(_silences, (begin, end));

    /// <summary>A file began to play.</summary>
    internal void Sounded(long at) => Add(_onsets, at);

    internal void Hear(PlayedWord word) => Add(_heard, word);

    internal void Cleared(long at) => Add(_clears, at);

    internal void Marked(string name, long at) => Add(_marks, (name, at));

    internal void Violated(string what) => Add(_violations, what);

    internal void Did(string what, long at) => Add(_said, (what, at));

    internal void Received(int bytes, int waiting, bool isOnset, bool isUnderrun, long at)
    {
        lock (_gate)
        {
            BytesReceived += bytes;
            LongestLead = Math.Max(LongestLead, waiting / 8);
            Underruns += isUnderrun ? 1 : 0;
            if (isOnset)
            {
                _onsets.Add(at);
            }
        }
    }

    private TimeSpan LongestSilence_NeedsLock(long from, long until)
    {
        var longest = TimeSpan.Zero;
        foreach (var (begin, end) in _silences.Where(s => s.End > from && s.End <= until))
        {
            var silence = TimeProvider.System.GetElapsedTime(Math.Max(begin, from), end);
            longest = silence > longest ? silence : longest;
        }

        return longest;
    }

    private void Add<T>(List<T> list, T item)
    {
        lock (_gate)
        {
            list.Add(item);
        }
    }

    private List<T> Copy<T>(List<T> list)
    {
        lock (_gate)
        {
            return [.. list];
        }
    }
}
