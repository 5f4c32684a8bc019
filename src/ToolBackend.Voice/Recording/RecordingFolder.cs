using System.Globalization;

namespace ToolBackend.Voice.Recording;

/// <summary>Recordings as they lie on the disk: a folder a day, <c>yyyy-MM-dd</c>, and a file a call. What has other names is not ours, and stays.</summary>
internal static class RecordingFolder
{
    private const string DayName = "yyyy-MM-dd";

    /// <summary>Of a call that begins now.</summary>
    /// <returns>Relative to the folder, with a slash.</returns>
    public static string NameOf(string callSid, DateTimeOffset now) => $"{now.UtcDateTime.ToString(DayName, CultureInfo.InvariantCulture)}/{callSid}.wav";

    /// <returns>The days that are gone.</returns>
    /// <exception cref="IOException">The disk does not let it.</exception>
    /// <exception cref="UnauthorizedAccessException">So does the system.</exception>
    public static IReadOnlyList<string> DeleteDaysBefore(string folder, DateOnly oldest)
    {
        var over = Days(folder).Where(day => day.Date < oldest).Select(day => day.Folder).ToList();
        over.ForEach(static day => day.Delete(recursive: true));
        return [.. over.Select(day => day.Name)];
    }

    /// <summary>Of calls that are still going on, too: what is recorded of them so far has no name any more, and is gone with their end.</summary>
    /// <param name="calls">Also names that no recording has.</param>
    /// <returns>How many files are gone.</returns>
    /// <exception cref="IOException">The disk does not let it.</exception>
    /// <exception cref="UnauthorizedAccessException">So does the system.</exception>
    public static int Delete(string folder, IReadOnlyList<string> calls)
    {
        if (calls.Count == 0)
        {
            return 0;
        }

        var names = calls.SelectMany(call => new[] { call + ".wav", call + ".wav" + RecordingFile.Unfinished }).ToHashSet(StringComparer.Ordinal);
        var files = Days(folder).SelectMany(day => day.Folder.EnumerateFiles()).Where(file => names.Contains(file.Name)).ToList();
        files.ForEach(static file => file.Delete());
        return files.Count;
    }

    private static List<(DirectoryInfo Folder, DateOnly Date)> Days(string folder)
    {
        var days = new List<(DirectoryInfo, DateOnly)>();
        foreach (var day in Directory.Exists(folder) ? new DirectoryInfo(folder).GetDirectories() : [])
        {
            if (DateOnly.TryParseExact(day.Name, DayName, CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
            {
                days.Add((day, date));
            }
        }

        return days;
    }
}
