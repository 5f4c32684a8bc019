using System.Globalization;
using Microsoft.Extensions.Options;

namespace ToolBackend.Voice.Recording;

/// <summary>Deletes recordings that are older than they may be, once an hour: the folders of days that are over. What is not ours in the folder stays.</summary>
internal sealed partial class RecordingSweep(IOptions<RecordingOptions> options, TimeProvider time, ILogger<RecordingSweep> logger) : BackgroundService
{
    private static readonly TimeSpan s_pause = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Value.Folder is not { Length: > 0 })
        {
            return;
        }

        using var timer = new PeriodicTimer(s_pause, time);
        do
        {
            Sweep();
        }
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false));
    }

    internal void Sweep()
    {
        var folder = new DirectoryInfo(options.Value.Folder!);
        var oldest = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime).AddDays(-options.Value.KeepDays);
        try
        {
            foreach (var day in folder.Exists ? folder.EnumerateDirectories() : [])
            {
                if (DateOnly.TryParseExact(day.Name, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) && date < oldest)
                {
                    day.Delete(recursive: true);
                    LogDeleted(day.Name);
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogFailed(e.GetType().FullName!);
        }
    }

    [LoggerMessage(3803, LogLevel.Information, "The recordings of {Day} were deleted: they are older than Voice:Recording:KeepDays")]
    private partial void LogDeleted(string day);

    [LoggerMessage(3804, LogLevel.Error, "Old recordings could not be deleted: {Exception}")]
    private partial void LogFailed(string exception);
}
