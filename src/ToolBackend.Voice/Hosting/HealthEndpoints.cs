using ToolBackend.Core.Caching;
using ToolBackend.Core.Data;
using ToolBackend.Voice.Hosting.Warming;
using ToolBackend.Voice.Sessions;

namespace ToolBackend.Voice.Hosting;

/// <summary>
/// <c>/healthz</c> and <c>/readyz</c>. A call is taken without Postgres and Redis too (its tools then say that they cannot look things up), so neither keeps this host from being ready.
/// </summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/healthz", () => Results.Json(new { status = "alive" }));
        routes.MapGet("/readyz", (CallRegistry calls, Readiness readiness, DatabaseHealth database, RedisGate redis) => Results.Json(
            new
            {
                status = calls.IsDraining ? "draining" : !readiness.IsWarm ? "warming" : database.IsUp && redis.IsHealthy ? "ready" : "degraded",
                calls = calls.Live,
                seats = calls.Taken,
                postgres = database.IsUp ? "up" : "down",
                redis = !redis.IsConfigured ? "not configured" : redis.IsHealthy ? "up" : "down",
            },
            statusCode: calls.IsDraining || !readiness.IsWarm ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK));
    }
}
