using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using ToolBackend.Voice.Audio;
using ToolBackend.Voice.Recording;
using ToolBackend.Voice.Tests.Calls;

namespace ToolBackend.Voice.Tests.Recording;

public sealed class RecordingFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("recordings").FullName;

    [Fact]
    public async Task A_folder_that_cannot_be_written_costs_the_recording_and_nothing_else()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "day"), "in the way", TestContext.Current.CancellationToken);
        var log = new CapturedLog();
        using var logging = LoggerFactory.Create(l => l.AddProvider(log));
        await using (var file = new RecordingFile(Path.Combine(_folder, "day", "CA1.wav"), TimeProvider.System, logging.CreateLogger("x")))
        {
            for (var second = 0; second < 3 * RecordingFile.MostWaiting; second++)
            {
                file.Add(new byte[2 * MuLaw.BytesPerSecond]);
            }
        }

        log.Lines.ShouldHaveSingleItem().ShouldContain("could not be written");
    }

    [Fact]
    public async Task Seconds_that_the_disk_could_not_take_are_silent_and_the_length_is_true()
    {
        const int seconds = 200; // in one go, while the disk has written perhaps none of it
        await using (var file = new RecordingFile(Path.Combine(_folder, "2026-01-01", "CA1.wav"), TimeProvider.System, NullLogger.Instance))
        {
            for (var second = 0; second < seconds; second++)
            {
                file.Add(Enumerable.Repeat((byte)second, 2 * MuLaw.BytesPerSecond).ToArray());
            }
        }

        var audio = (await File.ReadAllBytesAsync(Path.Combine(_folder, "2026-01-01", "CA1.wav"), TestContext.Current.CancellationToken))[58..];
        var heard = audio.Where((_, at) => at % (2 * MuLaw.BytesPerSecond) == 0).ToList();
        heard.Count.ShouldBe(seconds);
        for (var second = 0; second < seconds; second++)
        {
            heard[second].ShouldBeOneOf((byte)second, MuLaw.Silence);
        }
    }

    [Fact]
    public void Days_that_are_over_are_deleted_and_nothing_that_is_not_ours()
    {
        foreach (var name in (string[])["2026-01-01", "2026-03-01", "notes", "2026-01-01x"])
        {
            Directory.CreateDirectory(Path.Combine(_folder, name));
            File.WriteAllText(Path.Combine(_folder, name, "CA1.wav"), "");
        }

        RecordingFolder.DeleteDaysBefore(_folder, new DateOnly(2026, 2, 13)).ShouldBe(["2026-01-01"]);
        Directory.EnumerateDirectories(_folder).Select(Path.GetFileName).Order(StringComparer.Ordinal).ShouldBe(["2026-01-01x", "2026-03-01", "notes"]);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
