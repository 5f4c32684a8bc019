using ToolBackend.Core.Data;

namespace ToolBackend.Api.Hosting;

/// <summary>
/// Runs the paths that a first caller would pay for (socket, pools, statements, JSON, code) before <c>/readyz</c> says yes. Waits for Postgres as long as it takes.
/// </summary>
public sealed partial class WarmUp(Rehearsal rehearsal, DatabaseHealth database, Readiness readiness, IHostApplicationLifetime application, TimeProvider time, ILogger<WarmUp> logger)
    : BackgroundService
{
    /// <summary>Enough for the hot path's code to be compiled again with optimisation.</summary>
    private const int Rounds = 40;

    /// <summary>The long paths are only compiled and their statements prepared: over a large clinic they are real work.</summary>
    private const int LongRounds = 3;

    /// <summary>A slow machine is better ready and lukewarm than late.</summary>
    private static readonly TimeSpan s_enough = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(20);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (!database.IsUp || !application.ApplicationStarted.IsCancellationRequested)
            {
                await Task.Delay(s_look, time, stoppingToken);
            }

            var started = time.GetTimestamp();
            for (var i = 0; i < Rounds && (i < LongRounds || time.GetElapsedTime(started) < s_enough); i++)
            {
                await RehearseAsync(i, stoppingToken);
            }

            readiness.IsWarm = true;
            LogWarm((int)time.GetElapsedTime(started).TotalMilliseconds);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopped before it was warm.
        }
    }

    private async Task RehearseAsync(int round, CancellationToken stoppingToken)
    {
        try
        {
            await rehearsal.ReadAsync(round);
            if (round < LongRounds)
            {
                await rehearsal.WriteAsync(round, stoppingToken);
            }

            await rehearsal.PostAsync(stoppingToken);
        }
        catch (Exception e) when (!stoppingToken.IsCancellationRequested)
        {
            // Not a reason to stay away: what fails here fails a caller with a sentence, and what works must work.
            LogStumbled(e.GetType().Name);
        }
    }

    [LoggerMessage(2101, LogLevel.Information, "Ready after a warm-up of {Milliseconds} ms")]
    private partial void LogWarm(int milliseconds);

    [LoggerMessage(2102, LogLevel.Warning, "A round of the warm-up failed ({Fault})")]
    private partial void LogStumbled(string fault);
}
