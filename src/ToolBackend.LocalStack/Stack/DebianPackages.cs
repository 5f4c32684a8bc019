using ToolBackend.LocalStack.Processes;

namespace ToolBackend.LocalStack.Stack;

/// <summary>Postgres, Redis and time zones: installed where we may, asked for where we may not.</summary>
internal static class DebianPackages
{
    private const string PolicyFile = "/usr/sbin/policy-rc.d";
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(8);

    public static async Task EnsureAsync(TextWriter output, CancellationToken cancellation)
    {
        var missing = Missing();
        if (missing.Count == 0)
        {
            return;
        }

        var packages = string.Join(' ', missing);
        if (!Environment.IsPrivilegedProcess || Executables.Find("apt-get") is not { } aptGet)
        {
            throw new LocalStackException($"""
                Missing on this machine: {packages}. Install once:
                  Debian, Ubuntu:  sudo apt-get update && sudo apt-get install -y {packages}
                  macOS:           brew install postgresql redis
                """);
        }

        await output.WriteLineAsync($"Installing {packages} ...");
        // Debian's packages start a server of their own; this policy says no for as long as we install.
        var ownPolicy = !File.Exists(PolicyFile);
        if (ownPolicy)
        {
            await File.WriteAllTextAsync(PolicyFile, "#!/bin/sh\nexit 101\n", cancellation);
            File.SetUnixFileMode(PolicyFile, (UnixFileMode)0b111_101_101);
        }

        try
        {
            await RunAsync([aptGet, "update", "-q"], cancellation);
            await RunAsync(["/usr/bin/env", "DEBIAN_FRONTEND=noninteractive", aptGet, "install", "-y", "-q", "--no-install-recommends", .. missing], cancellation);
        }
        finally
        {
            if (ownPolicy)
            {
                File.Delete(PolicyFile);
            }
        }

        if (Missing() is { Count: > 0 } still)
        {
            throw new LocalStackException($"Still missing after the installation: {string.Join(' ', still)}.");
        }
    }

    private static List<string> Missing()
    {
        var missing = new List<string>();
        if (!LocalPostgres.IsInstalled)
        {
            missing.Add("postgresql");
        }

        if (!LocalRedis.IsInstalled)
        {
            missing.Add("redis-server");
        }

        if (!Directory.Exists("/usr/share/zoneinfo/Europe"))
        {
            missing.Add("tzdata");
        }

        return missing;
    }

    private static async Task RunAsync(IReadOnlyList<string> commandLine, CancellationToken cancellation)
    {
        var result = await ShortProcess.RunAsync(commandLine, Deadline, cancellation);
        if (result.ExitCode != 0)
        {
            throw new LocalStackException($"'{string.Join(' ', commandLine)}' failed:\n{result.Output}");
        }
    }
}
