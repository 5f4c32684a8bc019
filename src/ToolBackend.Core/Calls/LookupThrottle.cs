using Microsoft.Extensions.Caching.Memory;

namespace ToolBackend.Core.Calls;

/// <summary>
/// Ends guessing: after ten look-ups that proved nothing, a call and its number get no more answers about other people's records for an hour.
/// Their own records stay open to them: those need no proof, so they need no try.
/// </summary>
/// <remarks>Counted per process: with N replicas a patient attacker gets at most N times the limit.</remarks>
public sealed class LookupThrottle(TimeProvider time) : IDisposable
{
    public const int Limit = 10;

    private static readonly TimeSpan s_window = TimeSpan.FromHours(1);
    private readonly Lock _gate = new();
    private readonly MemoryCache _misses = new(new MemoryCacheOptions { SizeLimit = 50_000 });

    /// <summary>
    /// Begins a try. It counts from here, not from its end: the tool calls of one message run at the same time, and a hundred of them would
    /// all look before the first had missed. Disposing gives it back unless it <see cref="Attempt.Missed"/>.
    /// </summary>
    public Attempt Begin(CallContext call)
    {
        lock (_gate)
        {
            var windows = call.Scope.PhoneHash is { } hash ? new[] { WindowOf("call:" + call.CallId), WindowOf("caller:" + hash) } : [WindowOf("call:" + call.CallId)];
            var allowed = Array.TrueForAll(windows, w => w.Tries < Limit);
            Array.ForEach(windows, w => w.Tries += allowed ? 1 : 0);
            return new Attempt(this, allowed ? windows : []);
        }
    }

    public void Dispose() => _misses.Dispose();

    private Window WindowOf(string key)
    {
        if (_misses.Get(key) is not Window window || time.GetUtcNow() >= window.Until)
        {
            window = _misses.Set(key, new Window(time.GetUtcNow() + s_window), new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = s_window });
        }

        return window;
    }

    /// <summary>One look at a record that may be somebody else's.</summary>
    public sealed class Attempt : IDisposable
    {
        private readonly LookupThrottle _owner;
        private Window[] _windows;

        internal Attempt(LookupThrottle owner, Window[] windows)
        {
            _owner = owner;
            _windows = windows;
            IsAllowed = windows.Length > 0;
        }

        /// <summary>False when the call or its number has used up its tries: then nothing but their own records may be said.</summary>
        public bool IsAllowed { get; }

        /// <summary>The try proved nothing and stays counted.</summary>
        public void Missed() => _windows = [];

        public void Dispose()
        {
            lock (_owner._gate)
            {
                Array.ForEach(Interlocked.Exchange(ref _windows, []), w => w.Tries--);
            }
        }
    }

    internal sealed class Window(DateTimeOffset until)
    {
        public int Tries { get; set; }

        public DateTimeOffset Until { get; } = until;
    }
}
