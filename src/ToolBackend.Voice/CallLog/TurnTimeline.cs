using System.Diagnostics;

namespace ToolBackend.Voice.CallLog;

/// <summary>
/// When things happened to one reply, marked where they happen: an atomic write each, the first of a kind counts. Also what the reply used of its providers. Marked by whoever makes the reply, read by
/// the session's loop.
/// </summary>
internal sealed class TurnTimeline
{
    /// <summary>No timestamp; 0 is one.</summary>
    private const long None = long.MinValue;

    private readonly long[] _at = [.. Enumerable.Repeat(None, (int)Moment.Over + 1)];
    private readonly List<TokenUse> _tokens = [];
    private int _characters;

    /// <summary>The turn's span; null when nobody traces.</summary>
    public Activity? Span { get; set; }

    /// <summary>Whether it answers a turn of the caller.</summary>
    public bool IsAnswer { get; set; }

    /// <summary>Characters given to the voice.</summary>
    public int Characters => Volatile.Read(ref _characters);

    /// <summary>By answer of the model. Read it when the reply's maker has ended.</summary>
    public IReadOnlyList<TokenUse> Tokens => _tokens;

    /// <summary>Timestamp of the clock; null while it has not happened.</summary>
    public long? this[Moment moment] => Volatile.Read(ref _at[(int)moment]) is not None and var at ? at : null;

    public void Mark(Moment moment, long timestamp) => Interlocked.CompareExchange(ref _at[(int)moment], timestamp, None);

    public void Mark(Moment moment, TimeProvider time)
    {
        if (Volatile.Read(ref _at[(int)moment]) == None)
        {
            Mark(moment, time.GetTimestamp());
        }
    }

    /// <summary>Only the reply's maker.</summary>
    public void Answered(TokenUse use) => _tokens.Add(use);

    public void Spoke(int characters) => Interlocked.Add(ref _characters, characters);
}
