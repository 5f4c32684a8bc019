using ToolBackend.Api.Webhooks;
using ToolBackend.Core.Data;

namespace ToolBackend.Api.Hosting;

/// <summary>
/// Runs the paths that a first caller would pay for (pools, statements, JSON, code) before <c>/readyz</c> says yes. Starts over until Postgres is there.
/// </summary>
public sealed partial class WarmUp(WebhookHandler webhook, DatabaseHealth database, Readiness readiness, TimeProvider time, ILogger<WarmUp> logger) : BackgroundService
{
    /// <summary>Enough for tier-0 code to be recompiled on the hot path; a few hundred milliseconds.</summary>
    private const int Rounds = 60;

    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(20);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (!database.IsUp)
            {
                await Task.Delay(s_look, time, stoppingToken);
            }

            var started = time.GetTimestamp();
            for (var i = 0; i < Rounds; i++)
            {
                await webhook.RehearseAsync(time.GetUtcNow(), i, stoppingToken);
            }

            readiness.IsWarm = true;
            LogWarm((int)time.GetElapsedTime(started).TotalMilliseconds);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopped before it was warm.
        }
    }

    [LoggerMessage(2101, LogLevel.Information, "Ready after a warm-up of {Milliseconds} ms")]
    private partial void LogWarm(int milliseconds);
}
