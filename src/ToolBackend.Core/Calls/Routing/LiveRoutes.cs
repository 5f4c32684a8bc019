using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ToolBackend.Core.Resilience;

namespace ToolBackend.Core.Calls.Routing;

/// <summary>
/// The routes as this replica knows them: read every second, so that a call never waits for Postgres. Without Postgres the last ones stay in force, and before the first answer every line is
/// <see cref="CallRoute.Default"/>.
/// </summary>
public sealed partial class LiveRoutes(CallRouteStore store, TimeProvider time, ILogger<LiveRoutes> logger) : BackgroundService
{
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(1);

    private volatile IReadOnlyDictionary<string, CallRoute> _routes = new Dictionary<string, CallRoute>(StringComparer.Ordinal);
    private bool _isLost;

    /// <param name="line">E.164.</param>
    public CallRoute Of(string line)
    {
        var routes = _routes;
        return routes.GetValueOrDefault(line) ?? routes.GetValueOrDefault(CallRoute.Any) ?? CallRoute.Default;
    }

    /// <summary>Reads them now. Never throws for what Postgres does.</summary>
    public async Task RefreshAsync(CancellationToken cancellation)
    {
        try
        {
            var routes = (await store.ListAsync(cancellation)).ToDictionary(r => r.Line, StringComparer.Ordinal);
            foreach (var changed in routes.Values.Where(r => _routes.GetValueOrDefault(r.Line) is var old && (old?.Mode, old?.Percent) != (r.Mode, r.Percent)))
            {
                LogChanged(changed, changed.ChangedBy);
            }

            (_routes, _isLost) = (routes, false);
        }
        catch (UpstreamException e)
        {
            if (!_isLost)
            {
                LogLost(e.Failure);
            }

            _isLost = true;
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var look = new PeriodicTimer(s_look, time);
        do
        {
            await RefreshAsync(stoppingToken);
        }
        while (await look.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(1811, LogLevel.Information, "New calls of {Route} (set by {ChangedBy})")]
    private partial void LogChanged(CallRoute route, string changedBy);

    [LoggerMessage(1812, LogLevel.Warning, "The routes of calls cannot be read ({Failure}): the last ones stay in force")]
    private partial void LogLost(UpstreamFailure failure);
}
