using Microsoft.Extensions.Caching.Memory;

namespace ToolBackend.Core.Calls;

/// <summary>
/// Ends guessing: after ten look-ups that proved nothing, a call and its number get no more answers about other people's records for an hour.
/// </summary>
/// <remarks>Counted per process: with N replicas a patient attacker gets at most N times the limit.</remarks>
public sealed class LookupThrottle(TimeProvider time) : IDisposable
{
    public const int Limit = 10;

    private static readonly TimeSpan s_window = TimeSpan.FromHours(1);
    private readonly MemoryCache _misses = new(new MemoryCacheOptions { SizeLimit = 50_000 });

    public bool IsBlocked(CallContext call) => Count("call:" + call.CallId) >= Limit || (call.Scope.PhoneHash is { } hash && Count("caller:" + hash) >= Limit);

    public void RecordMiss(CallContext call)
    {
        Add("call:" + call.CallId);
        if (call.Scope.PhoneHash is { } hash)
        {
            Add("caller:" + hash);
        }
    }

    public void Dispose() => _misses.Dispose();

    private int Count(string key) => _misses.Get(key) is Window window && time.GetUtcNow() < window.Until ? Volatile.Read(ref window.Misses) : 0;

    private void Add(string key)
    {
        if (_misses.Get(key) is not Window window || time.GetUtcNow() >= window.Until)
        {
            window = _misses.Set(key, new Window(time.GetUtcNow() + s_window), new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = s_window });
        }

        Interlocked.Increment(ref window.Misses);
    }

    private sealed class Window(DateTimeOffset until)
    {
        public int Misses;

        public DateTimeOffset Until { get; } = until;
    }
}
