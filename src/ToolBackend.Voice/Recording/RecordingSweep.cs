using Microsoft.Extensions.Options;
using ToolBackend.Core.Calls.Privacy;
using ToolBackend.Core.Resilience;

namespace ToolBackend.Voice.Recording;

/// <summary>Deletes recordings that may not be kept, once a minute: of days that are over, and of callers who were forgotten (<c>toolbackend calls forget</c>).</summary>
internal sealed partial class RecordingSweep(IOptions<RecordingOptions> options, ForgottenCallReads forgotten, TimeProvider time, ILogger<RecordingSweep> logger) : BackgroundService
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMinutes(1);

    /// <summary>The clocks of this host and of whoever forgot a caller may differ by that much.</summary>
    private static readonly TimeSpan s_overlap = TimeSpan.FromMinutes(10);

    /// <summary>Calls that were forgotten before it have no recording here any more. Null: a start, which looks at all that may have one.</summary>
    private DateTimeOffset? _forgottenUntil;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Value.Folder is not { Length: > 0 } folder)
        {
            return;
        }

        using var timer = new PeriodicTimer(s_pause, time);
        do
        {
            await SweepAsync(folder, stoppingToken).ConfigureAwait(false);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false));
    }

    /// <summary>What fails is done in a minute.</summary>
    internal async Task SweepAsync(string folder, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        try
        {
            foreach (var day in RecordingFolder.DeleteDaysBefore(folder, DateOnly.FromDateTime(now.UtcDateTime).AddDays(-options.Value.KeepDays)))
            {
                LogDeleted(day);
            }

            var calls = await forgotten.SinceAsync(_forgottenUntil ?? now.AddDays(-options.Value.KeepDays - 1), cancellation).ConfigureAwait(false);
            if (RecordingFolder.Delete(folder, calls) is > 0 and var count)
            {
                LogForgotten(count);
            }

            _forgottenUntil = now - s_overlap;
        }
        catch (Exception e) when (e is UpstreamException or IOException or UnauthorizedAccessException)
        {
            LogFailed(e.GetType().FullName!);
        }
    }

    [LoggerMessage(3803, LogLevel.Information, "The recordings of {Day} were deleted: they are older than Voice:Recording:KeepDays")]
    private partial void LogDeleted(string day);

    [LoggerMessage(3804, LogLevel.Error, "Recordings that may not be kept could not be deleted, which is tried again in a minute: {Exception}")]
    private partial void LogFailed(string exception);

    [LoggerMessage(3805, LogLevel.Information, "Recordings of callers who were forgotten are deleted: {Count}")]
    private partial void LogForgotten(int count);
}
