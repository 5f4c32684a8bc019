using System.Globalization;
using ToolBackend.LocalStack.Processes;

namespace ToolBackend.LocalStack;

/// <summary>The folder with <c>postgres</c> and <c>initdb</c>.</summary>
internal sealed record PostgresBinaries(string Folder)
{
    private const string DebianRoot = "/usr/lib/postgresql";

    public string Server => Path.Combine(Folder, "postgres");

    public string InitDb => Path.Combine(Folder, "initdb");

    /// <summary>PATH first, then Debian's versioned folders (newest first), then what pg_config says.</summary>
    public static PostgresBinaries? Find() =>
        Executables.Folders.Concat(DebianFolders()).Concat(PgConfigFolder())
            .Select(folder => new PostgresBinaries(folder))
            .FirstOrDefault(found => File.Exists(found.Server) && File.Exists(found.InitDb));

    private static IEnumerable<string> DebianFolders() =>
        !Directory.Exists(DebianRoot)
            ? []
            : Directory.EnumerateDirectories(DebianRoot)
                .OrderByDescending(folder => double.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var version) ? version : 0)
                .Select(folder => Path.Combine(folder, "bin"));

    // Evaluated only when all other places have failed.
    private static IEnumerable<string> PgConfigFolder()
    {
        if (Executables.Find("pg_config") is not { } pgConfig)
        {
            yield break;
        }

        using var process = System.Diagnostics.Process.Start(
            new System.Diagnostics.ProcessStartInfo(pgConfig, ["--bindir"]) { UseShellExecute = false, RedirectStandardOutput = true });
        if (process?.StandardOutput.ReadLine() is { Length: > 0 } folder)
        {
            yield return folder;
        }
    }
}
