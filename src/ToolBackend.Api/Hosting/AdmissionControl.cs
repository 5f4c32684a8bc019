using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;
using ToolBackend.Api.Operator.Calls;
using ToolBackend.Core.Observability;

namespace ToolBackend.Api.Hosting;

/// <summary>
/// So many requests at once and no queue: above that an instant 503, so that callers already inside keep their 200 ms. Health checks
/// are not counted, nor are streams: they last for hours, cost little and have a limit of their own (<see cref="Core.Calls.Live.LiveOptions"/>).
/// </summary>
public sealed class AdmissionControl(RequestDelegate next, AdmissionControl.Gate gate)
{
    public Task InvokeAsync(HttpContext context)
    {
        var lease = gate.TryEnter(context.Request.Path);
        return lease is null ? next(context) : RunAsync(context, lease);
    }

    private async Task RunAsync(HttpContext context, RateLimitLease lease)
    {
        using (lease)
        {
            if (lease.IsAcquired)
            {
                await next(context);
                return;
            }
        }

        Telemetry.Overload.Add(1);
        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        context.Response.Headers.RetryAfter = "1";
    }

    public sealed class Gate(IOptions<HostingOptions> options) : IDisposable
    {
        private readonly int _limit = options.Value.MaxConcurrentRequests;
        private readonly ConcurrencyLimiter _limiter = new(new ConcurrencyLimiterOptions { PermitLimit = options.Value.MaxConcurrentRequests, QueueLimit = 0 });

        /// <summary>Requests that are being served now, health checks and streams not counted.</summary>
        public int UnderWay => _limit - (int)(_limiter.GetStatistics()?.CurrentAvailablePermits ?? _limit);

        /// <summary>Null for paths that are always let in.</summary>
        public RateLimitLease? TryEnter(PathString path) => path.Value is "/healthz" or "/readyz" or "/version" or StreamCalls.Path ? null : _limiter.AttemptAcquire();

        public void Dispose() => _limiter.Dispose();
    }
}
