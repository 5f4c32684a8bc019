using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Caching.Memory;
using ToolBackend.Core.Observability;
using ToolBackend.Core.Resilience;

namespace ToolBackend.Core.Caching;

/// <summary>
/// Memory (seconds), then Redis (a minute), then the source; one load per key and process at a time.
/// </summary>
/// <remarks>
/// Staleness is decided by transaction ids, not by clocks. A value carries the xmin of the snapshot it was read under; a change
/// notification carries the writer's xid. A value whose xmin is not above the xid may lack that write and is not kept, in
/// whichever order the two arrive. The test that proves it: ReadThroughCacheTests.
/// </remarks>
public sealed class ReadThroughCache(RedisTier redis, InvalidationLog invalidations, TimeProvider time) : IDisposable
{
    /// <summary>Upper bound of records in memory; above it MemoryCache evicts the least recently used.</summary>
    public const int MemoryCapacity = 100_000;

    /// <summary>A load may outlive the request that began it: its value serves the next one. Past this it is abandoned.</summary>
    public static readonly TimeSpan LoadDeadline = TimeSpan.FromSeconds(2);

    /// <summary>How long a request waits for the source when it could serve an older value instead.</summary>
    public static readonly TimeSpan PatienceWithStale = TimeSpan.FromMilliseconds(120);

    private readonly MemoryCache _memory = new(new MemoryCacheOptions { SizeLimit = MemoryCapacity });
    private readonly ConcurrentDictionary<string, Task> _loads = new(StringComparer.Ordinal);

    /// <summary>A value of the kind, from the nearest tier that has one fresh enough.</summary>
    /// <exception cref="UpstreamException">The source failed and no value young enough is at hand.</exception>
    public ValueTask<Cached<T>> GetAsync<T>(CacheKind<T> kind, string id) where T : class
    {
        var key = string.Concat(kind.Name, ":", id);
        if (_memory.Get(key) is Entry<T> entry && IsFresh(kind, entry))
        {
            CountRead(kind.Name, "memory");
            return ValueTask.FromResult(new Cached<T>(entry.Value, CacheSource.Memory, entry.LoadedAt));
        }

        return new ValueTask<Cached<T>>(LoadOrStaleAsync(kind, id, key));
    }

    /// <summary>Drops what a committed transaction made old. Idempotent and safe in any order with loads.</summary>
    public void Invalidate(string key, long xid)
    {
        Telemetry.CacheInvalidations.Add(1);
        invalidations.Record(key, xid);
        if (_memory.Get(key) is Entry entry && entry.Version <= xid)
        {
            _memory.Remove(key);
        }

        redis.Bury(key, xid);
    }

    /// <summary>Drops everything: after a lost listener link, or a write too large to name its keys.</summary>
    /// <param name="epoch">Names the generation of keys in Redis that is still good.</param>
    /// <param name="upTo">Newest transaction that may have gone unheard: values that may lack it are refused, wherever they are.</param>
    public void InvalidateAll(long epoch, long upTo)
    {
        Telemetry.CacheInvalidations.Add(1);
        invalidations.RecordAll(upTo);
        redis.Epoch = epoch;
        _memory.Clear();
    }

    public void Dispose() => _memory.Dispose();

    private bool IsFresh<T>(CacheKind<T> kind, Entry<T> entry) where T : class
    {
        var limit = entry.Value is null ? kind.FreshWhenMissing : kind.FreshInMemory;
        return invalidations.LinkIsUp && time.GetUtcNow() - entry.KeptAt < limit;
    }

    private Task<Cached<T>> LoadOnceAsync<T>(CacheKind<T> kind, string id, string key) where T : class
    {
        var promise = new TaskCompletionSource<Cached<T>>(TaskCreationOptions.RunContinuationsAsynchronously);
        var running = _loads.GetOrAdd(key, promise.Task);
        if (ReferenceEquals(running, promise.Task))
        {
            _ = KeepPromiseAsync(promise, kind, id, key);
        }

        // One key has one kind (its prefix), so the type cannot differ.
        return (Task<Cached<T>>)running;
    }

    /// <summary>Owner of the load: whatever happens, the promise ends and the key is free for the next load.</summary>
    private async Task KeepPromiseAsync<T>(TaskCompletionSource<Cached<T>> promise, CacheKind<T> kind, string id, string key) where T : class
    {
        try
        {
            var cached = await LoadAsync(kind, id, key).ConfigureAwait(false);
            _loads.TryRemove(key, out _);
            promise.SetResult(cached);
        }
        catch (Exception e)
        {
            _loads.TryRemove(key, out _);
            promise.SetException(e);
            _ = promise.Task.Exception; // seen: every waiter may have left at its deadline
        }
    }

    /// <summary>Waits for the load, but not for long when an older value is at hand: a black-holed source looks like a slow one.</summary>
    private async Task<Cached<T>> LoadOrStaleAsync<T>(CacheKind<T> kind, string id, string key) where T : class
    {
        var load = LoadOnceAsync(kind, id, key);
        if (_memory.Get(key) is not Entry<T> { Value: not null } old || time.GetUtcNow() - old.LoadedAt >= kind.StaleIfError)
        {
            return await load.ConfigureAwait(false);
        }

        try
        {
            return await load.WaitAsync(PatienceWithStale, time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            CountRead(kind.Name, "stale");
            return new Cached<T>(old.Value, CacheSource.Stale, old.LoadedAt);
        }
    }

    private async Task<Cached<T>> LoadAsync<T>(CacheKind<T> kind, string id, string key) where T : class
    {
        if (kind.FreshInRedis > TimeSpan.Zero && invalidations.LinkIsUp && await redis.GetAsync(kind, key).ConfigureAwait(false) is { } found && IsUsable(kind, key, found))
        {
            Keep(kind, key, found);
            CountRead(kind.Name, "redis");
            return new Cached<T>(found.Value, CacheSource.Redis, found.LoadedAt);
        }

        var loadedAt = time.GetUtcNow();
        try
        {
            using var deadline = new CancellationTokenSource(LoadDeadline, time);
            var loaded = await kind.Load(id, deadline.Token).ConfigureAwait(false);
            var entry = new Entry<T>(loaded.Value, loaded.Version, loadedAt);
            Keep(kind, key, entry);
            if (loaded.Value is not null && kind.FreshInRedis > TimeSpan.Zero)
            {
                redis.Offer(kind, key, entry);
            }

            CountRead(kind.Name, "database");
            return new Cached<T>(loaded.Value, CacheSource.Database, loadedAt);
        }
        catch (UpstreamException)
        {
            if (await OldAsync(kind, key).ConfigureAwait(false) is not { } old)
            {
                throw;
            }

            CountRead(kind.Name, "stale");
            return new Cached<T>(old.Value, CacheSource.Stale, old.LoadedAt);
        }
    }

    /// <summary>What can be said when the source fails: memory's value, else Redis's, if it is not too old to be said at all.</summary>
    private async ValueTask<Entry<T>?> OldAsync<T>(CacheKind<T> kind, string key) where T : class
    {
        var old = _memory.Get(key) is Entry<T> { Value: not null } kept ? kept
            : kind.FreshInRedis > TimeSpan.Zero ? await redis.GetAsync(kind, key).ConfigureAwait(false)
            : null;
        return old is not null && time.GetUtcNow() - old.LoadedAt < kind.StaleIfError ? old : null;
    }

    /// <summary>Whether a value found in Redis may be served as fresh. While changes are not heard nothing old may: that one could be missed.</summary>
    private bool IsUsable<T>(CacheKind<T> kind, string key, Entry<T> found) where T : class =>
        invalidations.LinkIsUp && found.Version > invalidations.LatestFor(key) && time.GetUtcNow() - found.LoadedAt < kind.FreshInRedis;

    private void Keep<T>(CacheKind<T> kind, string key, Entry<T> entry) where T : class
    {
        if (entry.Version <= invalidations.LatestFor(key))
        {
            return;
        }

        _memory.Set(key, entry with { KeptAt = time.GetUtcNow() }, new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = kind.StaleIfError });

        // A notification may have come between the check and the set: look again, now that it would find the entry.
        if (entry.Version <= invalidations.LatestFor(key))
        {
            _memory.Remove(key);
        }
    }

    private static void CountRead(string kind, string source)
    {
        if (Telemetry.CacheReads.Enabled)
        {
            Telemetry.CacheReads.Add(1, new TagList { { Telemetry.Tag.CacheKind, kind }, { Telemetry.Tag.Source, source } });
        }
    }
}

/// <summary>A kept value: what was read from the database, under which snapshot, when.</summary>
public abstract record Entry(long Version, DateTimeOffset LoadedAt)
{
    /// <summary>
    /// When this process put it into memory: later than <see cref="LoadedAt"/> when it came by way of Redis. Freshness in memory counts from here, or every value
    /// that is older than memory's five seconds would be asked from Redis by every request.
    /// </summary>
    public DateTimeOffset KeptAt { get; init; }
}

public sealed record Entry<T>(T? Value, long Version, DateTimeOffset LoadedAt) : Entry(Version, LoadedAt) where T : class;
