using ToolBackend.LocalStack.Simulators.Audio;

namespace ToolBackend.LocalStack.Simulators.Deepgram;

internal enum TurnNews
{
    None,
    Started,
    Resumed,
}

/// <summary>The turn that Flux is hearing.</summary>
internal sealed class FluxTurn
{
    private readonly AudibleTextReader _reader = new();
    private readonly List<HeardWord> _ended = [];

    public int Index { get; private set; }

    /// <summary>Where the turn's window begins, in bytes of the stream.</summary>
    public long Start { get; private set; }

    public long Position => _reader.Position;

    /// <summary>A word of it was heard.</summary>
    public bool IsStarted { get; private set; }

    /// <summary>An eager end was sent, and nothing was heard since.</summary>
    public bool IsEagerlyEnded { get; set; }

    /// <summary>It has words, and none is being said.</summary>
    public bool IsSilent => IsStarted && _reader.Current is null;

    public TimeSpan SilentFor => _reader.SilentFor;

    /// <summary>All of the turn, the word that is being said included.</summary>
    public IReadOnlyList<HeardWord> Words => _reader.Current is { } current ? [.. _ended, current] : _ended;

    public TurnNews Hear(ReadOnlySpan<byte> audio)
    {
        _ended.AddRange(_reader.Push(audio));
        if (_reader.Current is null)
        {
            return TurnNews.None;
        }

        if (!IsStarted)
        {
            IsStarted = true;
            return TurnNews.Started;
        }

        if (IsEagerlyEnded)
        {
            IsEagerlyEnded = false;
            return TurnNews.Resumed;
        }

        return TurnNews.None;
    }

    public void Next()
    {
        Index++;
        Start = Position;
        IsStarted = false;
        IsEagerlyEnded = false;
        _ended.Clear();
        _reader.SkipCurrent();
    }
}
