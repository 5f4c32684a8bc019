using System.Runtime.InteropServices;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ToolBackend.Core.Lifetime;

/// <summary>
/// Stops a host without cutting anybody off. Kestrel closes its listener the moment the host stops, so everything that needs the listener open happens before, in <see cref="DrainAsync"/>: the first signal
/// begins it, a second one skips to the end.
/// </summary>
public abstract partial class DrainingLifetime(IHostApplicationLifetime application, TimeProvider time, ILogger logger) : IHostLifetime, IDisposable
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(50);

    private readonly List<PosixSignalRegistration> _signals = [];
    private readonly ILogger _logger = logger;
    private Task? _drain;

    /// <summary>Cancelled when the host stops at once.</summary>
    protected CancellationToken Skipped => application.ApplicationStopping;

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

    public void Dispose()
    {
        _signals.ForEach(s => s.Dispose());
        GC.SuppressFinalize(this);
    }

    /// <summary>What a signal does. The second time the host stops at once.</summary>
    public void Stop()
    {
        var drain = new Task<Task>(DrainAndStopAsync);
        if (Interlocked.CompareExchange(ref _drain, drain, null) is null)
        {
            drain.Start(TaskScheduler.Default);
        }
        else
        {
            application.StopApplication();
        }
    }

    /// <summary>Sends new work elsewhere and returns when what is under way has ended, or has had its time.</summary>
    protected abstract Task DrainAsync();

    /// <summary>Waits for it, but no longer than so, nor when the host stops at once.</summary>
    protected async Task UntilAsync(Func<bool> isDone, TimeSpan atMost)
    {
        var started = time.GetTimestamp();
        while (!isDone() && time.GetElapsedTime(started) < atMost && !Skipped.IsCancellationRequested)
        {
            await Task.Delay(s_look, time, Skipped).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Owner of the drain: whatever becomes of it, the host stops.</summary>
    private async Task DrainAndStopAsync()
    {
        try
        {
            await DrainAsync().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            LogFailed(e.GetType().FullName!, e.StackTrace);
        }

        application.StopApplication();
    }

    [LoggerMessage(1901, LogLevel.Error, "Draining failed with {Exception}; the host stops. {StackTrace}")]
    private partial void LogFailed(string exception, string? stackTrace);
}
