using System.ComponentModel;
using System.Diagnostics;

namespace ToolBackend.Cli.Pulling;

/// <summary>Files of a folder with differences that are nowhere but here: git could not give them back.</summary>
internal static class LocalEdits
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(20);

    /// <summary>Paths relative to the folder, with forward slashes; null when git does not look after the folder.</summary>
    public static async Task<IReadOnlySet<string>?> InAsync(string folder, CancellationToken cancellation)
    {
        if (await GitAsync(folder, cancellation, "rev-parse", "--show-prefix") is not { } prefix
            || await GitAsync(folder, cancellation, "status", "--porcelain=v1", "-z", "--untracked-files=all", "--ignored=matching", "--no-renames", "--", ".") is not { } status)
        {
            return null;
        }

        // Paths come relative to the repository's root, the folder's own in front.
        var inFront = prefix.TrimEnd('\n');
        return status.Split('\0', StringSplitOptions.RemoveEmptyEntries).Select(entry => entry[3..])
            .Where(path => path.StartsWith(inFront, StringComparison.Ordinal)).Select(path => path[inFront.Length..]).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>What git wrote; null when it is not there or fails.</summary>
    private static async Task<string?> GitAsync(string folder, CancellationToken cancellation, params string[] arguments)
    {
        var start = new ProcessStartInfo("git", arguments) { WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        try
        {
            using var git = Process.Start(start)!;
            git.StandardInput.Close();
            using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            deadline.CancelAfter(s_deadline);
            var output = git.StandardOutput.ReadToEndAsync(deadline.Token);
            var error = git.StandardError.ReadToEndAsync(deadline.Token);
            try
            {
                await git.WaitForExitAsync(deadline.Token);
                await error;
                return git.ExitCode == 0 ? await output : null;
            }
            finally
            {
                if (!git.HasExited)
                {
                    git.Kill();
                }
            }
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
