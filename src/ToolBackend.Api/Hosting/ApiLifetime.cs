using Microsoft.Extensions.Options;
using ToolBackend.Core.Lifetime;
using ToolBackend.Core.Tools;

namespace ToolBackend.Api.Hosting;

/// <summary>Stops without refusing anybody.</summary>
/// <remarks>
/// <code>
/// SIGTERM   /readyz 503, streams end   grace: load balancers look away     nothing under way     listener closes, exit 0
/// |---------|------------------------------------------------------------|---------------------|
/// a second signal skips to the end
/// </code>
/// </remarks>
public sealed partial class ApiLifetime(
    IHostApplicationLifetime application, Readiness readiness, AdmissionControl.Gate gate, ToolRunner tools, IOptions<HostingOptions> options, TimeProvider time, ILogger<ApiLifetime> logger)
    : DrainingLifetime(application, time, logger)
{
    private readonly ILogger _logger = logger;
    private readonly TimeProvider _time = time;

    protected override async Task DrainAsync()
    {
        await readiness.BeginDrainAsync();
        LogDraining(options.Value.ReadinessGraceSeconds);
        await Task.Delay(TimeSpan.FromSeconds(options.Value.ReadinessGraceSeconds), _time, Skipped).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await UntilAsync(() => gate.UnderWay == 0 && tools.WritesUnderWay == 0, TimeSpan.FromSeconds(options.Value.MaxDrainSeconds));
        LogDrained(gate.UnderWay, tools.WritesUnderWay);
    }

    [LoggerMessage(2001, LogLevel.Information, "Draining: not ready any more, still serving for {GraceSeconds} s")]
    private partial void LogDraining(int graceSeconds);

    [LoggerMessage(2002, LogLevel.Information, "Drained: {Requests} requests and {Writes} writes left")]
    private partial void LogDrained(int requests, int writes);
}
