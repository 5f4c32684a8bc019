using ToolBackend.Core.Caching;
using ToolBackend.Core.Data;

namespace ToolBackend.Api.Hosting;

/// <summary>Whether traffic should come here. Reads flags that others keep; asks nobody.</summary>
public sealed class Readiness(DatabaseHealth database, RedisTier redis)
{
    private volatile bool _warm;
    private volatile bool _draining;

    public bool IsWarm
    {
        get => _warm;
        set => _warm = value;
    }

    public bool IsDraining
    {
        get => _draining;
        set => _draining = value;
    }

    public bool IsReady => _warm && !_draining && database.IsUp;

    public object Report() => new
    {
        status = IsReady ? (redis.IsHealthy ? "ready" : "degraded") : "not ready",
        warm = _warm,
        draining = _draining,
        postgres = database.IsUp ? (database.IsSlow ? "slow" : "up") : "down",
        redis = !redis.IsConfigured ? "not configured" : redis.IsHealthy ? "up" : "down",
    };
}
