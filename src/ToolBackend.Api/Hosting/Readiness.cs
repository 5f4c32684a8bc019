using ToolBackend.Core.Caching;
using ToolBackend.Core.Data;

namespace ToolBackend.Api.Hosting;

/// <summary>Whether traffic should come here. Reads flags that others keep; asks nobody.</summary>
public sealed class Readiness(DatabaseHealth database, RedisGate redis) : IDisposable
{
    private readonly CancellationTokenSource _drain = new();
    private volatile bool _warm;

    public bool IsWarm
    {
        get => _warm;
        set => _warm = value;
    }

    public bool IsDraining => _drain.IsCancellationRequested;

    /// <summary>Cancelled when this host begins to stop: what would go on for ever ends itself.</summary>
    public CancellationToken Draining => _drain.Token;

    public bool IsReady => _warm && !IsDraining && database.IsUp;

    public object Report() => new
    {
        status = IsReady ? (redis.IsHealthy ? "ready" : "degraded") : "not ready",
        warm = _warm,
        draining = IsDraining,
        postgres = database.IsUp ? (database.IsSlow ? "slow" : "up") : "down",
        redis = !redis.IsConfigured ? "not configured" : redis.IsHealthy ? "up" : "down",
    };

    /// <summary>Once and for ever.</summary>
    public Task BeginDrainAsync() => _drain.CancelAsync();

    public void Dispose() => _drain.Dispose();
}
