namespace ToolBackend.Voice.Language.Chain;

/// <summary>
/// Limits how often a provider is asked the same again: a share of its requests of the last 10 s, and a few whatever the share. A provider that drowns must not get twice the
/// requests for it.
/// </summary>
internal sealed class RetryBudget(LanguageOptions options, TimeProvider time)
{
    private const int Seconds = 10;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Window> _windows = new(StringComparer.Ordinal);

    /// <summary>Notes a request that is not a retry.</summary>
    public void Note(string provider)
    {
        lock (_gate)
        {
            WindowOf_NeedsLock(provider).Add(requests: 1, retries: 0);
        }
    }

    /// <summary>Takes one retry; false when there is none left.</summary>
    public bool TryTake(string provider)
    {
        lock (_gate)
        {
            var window = WindowOf_NeedsLock(provider);
            if (window.Retries + 1 > Math.Max(options.RetryFloor, window.Requests * options.RetryShare))
            {
                return false;
            }

            window.Add(requests: 0, retries: 1);
            return true;
        }
    }

    private Window WindowOf_NeedsLock(string provider)
    {
        var window = _windows.TryGetValue(provider, out var known) ? known : _windows[provider] = new Window();
        window.MoveTo((long)time.GetElapsedTime(0).TotalSeconds);
        return window;
    }

    private sealed class Window
    {
        private readonly (long Second, int Requests, int Retries)[] _seconds = new (long, int, int)[Seconds];
        private long _now;

        public int Requests => _seconds.Where(second => second.Second > _now - Seconds).Sum(second => second.Requests);

        public int Retries => _seconds.Where(second => second.Second > _now - Seconds).Sum(second => second.Retries);

        public void MoveTo(long second)
        {
            _now = second;
            ref var slot = ref _seconds[second % Seconds];
            if (slot.Second != second)
            {
                slot = (second, 0, 0);
            }
        }

        public void Add(int requests, int retries)
        {
            ref var slot = ref _seconds[_now % Seconds];
            slot = (_now, slot.Requests + requests, slot.Retries + retries);
        }
    }
}
