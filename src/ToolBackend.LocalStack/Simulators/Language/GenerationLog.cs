namespace ToolBackend.LocalStack.Simulators.Language;

/// <summary>Every answer that was begun, oldest first, the last 10,000.</summary>
public sealed class GenerationLog
{
    private const int Most = 10_000;

    private readonly Lock _gate = new();
    private readonly Queue<Entry> _entries = new();
    private long _begun;

    public IReadOnlyList<Generation> All
    {
        get
        {
            lock (_gate)
            {
                return [.. _entries.Select(entry => entry.Now)];
            }
        }
    }

    /// <summary>Answers that are being generated.</summary>
    public int Running
    {
        get
        {
            lock (_gate)
            {
                return _entries.Count(entry => entry.Now.End == GenerationEnd.Running);
            }
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            _entries.Clear();
        }
    }

    internal Entry Begin(CompletionRequest request, int tokens, DateTimeOffset at, string connection)
    {
        lock (_gate)
        {
            var entry = new Entry(this, new Generation(++_begun, request.Vendor, request.Model, at, tokens) { Connection = connection });
            _entries.Enqueue(entry);
            if (_entries.Count > Most)
            {
                _entries.Dequeue();
            }

            return entry;
        }
    }

    internal sealed class Entry(GenerationLog log, Generation begun)
    {
        public Generation Now { get; private set; } = begun;

        public void Change(Func<Generation, Generation> change)
        {
            lock (log._gate)
            {
                Now = change(Now);
            }
        }
    }
}
