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

    internal Entry Begin(CompletionRequest request, int tokens, DateTimeOffset at, long startedAt, string connection)
    {
        lock (_gate)
        {
            var entry = new Entry(this, new Generation(++_begun, request.Vendor, request.Model, at, tokens) { Connection = connection, Asked = request.LastUserText, StartedAt = startedAt }, tokens);
            _entries.Enqueue(entry);
            if (_entries.Count > Most)
            {
                _entries.Dequeue();
            }

            return entry;
        }
    }

    internal sealed class Entry
    {
        private readonly GenerationLog _log;
        private readonly long[] _tokensAt;

        public Entry(GenerationLog log, Generation begun, int tokens)
        {
            (_log, _tokensAt) = (log, new long[tokens]);
            Now = begun with { TokensAt = _tokensAt };
        }

        public Generation Now { get; private set; }

        public void TokenAt(int token, long at)
        {
            if (token < _tokensAt.Length)
            {
                Volatile.Write(ref _tokensAt[token], at);
            }
        }

        public void Change(Func<Generation, Generation> change)
        {
            lock (_log._gate)
            {
                Now = change(Now);
            }
        }
    }
}
