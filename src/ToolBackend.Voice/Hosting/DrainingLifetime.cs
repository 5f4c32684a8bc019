using System.Runtime.InteropServices;
using Microsoft.Extensions.Options;
using ToolBackend.Voice.Sessions;

namespace ToolBackend.Voice.Hosting;

/// <summary>Stops without cutting anybody off: calls last minutes, so a stop does too.</summary>
/// <remarks>
/// <code>
/// SIGTERM   /readyz 503, new calls go elsewhere           last calls end               listener closes, exit 0
/// |---------|--------------------------------------------|---------------------------|
///           live calls go on                  MaxDrain - 20 s: those left hear a closing sentence
/// a second signal skips to the end
/// </code>
/// </remarks>
internal sealed partial class DrainingLifetime(IHostApplicationLifetime application, CallRegistry calls, IOptions<VoiceOptions> options, TimeProvider time, ILogger<DrainingLifetime> logger)
    : IHostLifetime, IDisposable
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(50);

    /// <summary>For a sentence and a goodbye; a quarter of short drains.</summary>
    private static readonly TimeSpan s_farewell = TimeSpan.FromSeconds(20);

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

    /// <summary>What a signal does. The second time the host stops at once.</summary>
    public void Stop()
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
        calls.IsDraining = true;
        LogDraining(calls.Live, options.Value.MaxDrainSeconds);
        var longest = TimeSpan.FromSeconds(options.Value.MaxDrainSeconds);
        var farewell = longest - (s_farewell < longest / 4 ? s_farewell : longest / 4);
        await UntilEmptyAsync(farewell);
        calls.SayGoodbye();
        await UntilEmptyAsync(longest - farewell);
        LogDrained(calls.Taken);
        application.StopApplication();
    }

    private async Task UntilEmptyAsync(TimeSpan atMost)
    {
        var started = time.GetTimestamp();
        while (calls.Taken > 0 && time.GetElapsedTime(started) < atMost && !application.ApplicationStopping.IsCancellationRequested)
        {
            await Task.Delay(s_look, time, application.ApplicationStopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(3401, LogLevel.Information, "Draining: {Calls} calls go on for at most {Seconds} s, new ones go elsewhere")]
    private partial void LogDraining(int calls, int seconds);

    [LoggerMessage(3402, LogLevel.Information, "Drained: {Calls} calls were left")]
    private partial void LogDrained(int calls);
}
