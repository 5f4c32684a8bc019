namespace ToolBackend.Voice.Synthesis.Deepgram;

/// <summary>Flushes of one connection: Deepgram takes 20 in 60 seconds. Some are kept for the ends of utterances; without them sentences are joined. Pure.</summary>
internal sealed class FlushBudget
{
    private const int Most = 20;
    private const int KeptForEnds = 6;

    private static readonly TimeSpan s_window = TimeSpan.FromSeconds(60);

    private readonly Queue<TimeSpan> _sent = new(Most);

    /// <summary>Takes one if there is one.</summary>
    /// <param name="now">Of any clock that goes on.</param>
    /// <param name="ends">The flush ends an utterance.</param>
    public bool TryTake(TimeSpan now, bool ends)
    {
        Forget(now);
        if (_sent.Count >= (ends ? Most : Most - KeptForEnds))
        {
            return false;
        }

        _sent.Enqueue(now);
        return true;
    }

    /// <summary>Until an end can be flushed.</summary>
    public TimeSpan Wait(TimeSpan now)
    {
        Forget(now);
        return _sent.Count < Most ? TimeSpan.Zero : _sent.Peek() + s_window - now;
    }

    private void Forget(TimeSpan now)
    {
        while (_sent.TryPeek(out var oldest) && now - oldest >= s_window)
        {
            _sent.Dequeue();
        }
    }
}
