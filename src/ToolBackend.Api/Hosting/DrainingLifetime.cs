using System.Runtime.InteropServices;
using Microsoft.Extensions.Options;
using ToolBackend.Core.Tools;

namespace ToolBackend.Api.Hosting;

/// <summary>
/// Stops without refusing anybody. Kestrel closes its listener the moment the host stops, so everything that needs the listener open
/// happens before.
/// </summary>
/// <remarks>
/// <code>
/// SIGTERM   /readyz 503, streams end   grace: load balancers look away     nothing under way     listener closes, exit 0
/// |---------|------------------------------------------------------------|---------------------|
/// a second signal skips to the end
/// </code>
/// </remarks>
public sealed partial class DrainingLifetime(
    IHostApplicationLifetime application, Readiness readiness, AdmissionControl.Gate gate, ToolRunner tools, IOptions<HostingOptions> options, TimeProvider time, ILogger<DrainingLifetime> logger)
    : IHostLifetime, IDisposable
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(50);

    private readonly List<PosixSignalRegistration> _signals = [];
    private Task? _drain;

    public Task WaitForStartAsync(CancellationToken cancellationToken)
    {
        foreach (var signal in (ReadOnlySpan<PosixSignal>)[PosixSignal.SIGTERM, PosixSignal.SIGINT, PosixSignal.SIGQUIT])
        {
            _signals.Add(PosixSignalRegistration.Create(signal, context =>
            {
                context.Cancel = true;
                Stop();
            }));
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _signals.ForEach(s => s.Dispose());

    private void Stop()
    {
        var drain = new Task<Task>(DrainAsync);
        if (Interlocked.CompareExchange(ref _drain, drain, null) is null)
        {
            drain.Start(TaskScheduler.Default);
        }
        else
        {
            application.StopApplication();
        }
    }

    private async Task DrainAsync()
    {
        await readiness.BeginDrainAsync();
        LogDraining(options.Value.ReadinessGraceSeconds);
        await Task.Delay(TimeSpan.FromSeconds(options.Value.ReadinessGraceSeconds), time, application.ApplicationStopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        var started = time.GetTimestamp();
        while ((gate.UnderWay > 0 || tools.WritesUnderWay > 0) && time.GetElapsedTime(started) < TimeSpan.FromSeconds(options.Value.MaxDrainSeconds)
            && !application.ApplicationStopping.IsCancellationRequested)
        {
            await Task.Delay(s_look, time, application.ApplicationStopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        LogDrained(gate.UnderWay, tools.WritesUnderWay);
        application.StopApplication();
    }

    [LoggerMessage(2001, LogLevel.Information, "Draining: not ready any more, still serving for {GraceSeconds} s")]
    private partial void LogDraining(int graceSeconds);

    [LoggerMessage(2002, LogLevel.Information, "Drained: {Requests} requests and {Writes} writes left")]
    private partial void LogDrained(int requests, int writes);
}
