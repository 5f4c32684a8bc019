using System.Globalization;
using System.Security.Cryptography;
using ToolBackend.LocalStack.Processes;

namespace ToolBackend.LocalStack;

/// <summary>The files of one private cluster: creation, password, and what a dead server left behind.</summary>
internal sealed class ClusterFiles(string folder, PostgresBinaries binaries, UnprivilegedUser? user)
{
    public const string Superuser = "toolbackend";

    public string Data { get; } = Path.Combine(folder, "data");

    private string PasswordFile { get; } = Path.Combine(folder, "password");

    public string Password => File.ReadAllText(PasswordFile).Trim();

    public async Task CreateWhenMissingAsync(CancellationToken cancellation)
    {
        if (File.Exists(Path.Combine(Data, "PG_VERSION")))
        {
            await RefuseOtherVersionAsync(cancellation);
            return;
        }

        UnprivilegedUser.CreatePrivateFolder(folder, user);
        WritePassword();
        // Renamed when complete: an initdb that was killed half way is never taken for a cluster.
        var unfinished = Data + ".new";
        if (Directory.Exists(unfinished))
        {
            Directory.Delete(unfinished, recursive: true);
        }

        var locale = OperatingSystem.IsLinux() ? "--locale=C.UTF-8" : "--no-locale";
        var result = await ShortProcess.RunAsync(
            [.. user?.CommandPrefix() ?? [], binaries.InitDb, "--pgdata", unfinished, "--username", Superuser, "--pwfile", PasswordFile,
                "--auth", "scram-sha-256", "--encoding", "UTF8", locale, "--no-sync", "--no-instructions"],
            TimeSpan.FromSeconds(60), cancellation);
        if (result.ExitCode != 0)
        {
            throw new LocalStackException($"initdb failed:\n{result.Output}");
        }

        Directory.Move(unfinished, Data);
    }

    /// <summary>
    /// Ends a server that a killed supervisor left running in this folder, and clears the pid file of a dead one.
    /// The pid is believed only when its command line names our data folder: pids are reused.
    /// </summary>
    public async Task StopLeftoverAsync(CancellationToken cancellation)
    {
        var pidFile = Path.Combine(Data, "postmaster.pid");
        if (!File.Exists(pidFile) || !int.TryParse(File.ReadLines(pidFile).FirstOrDefault(), CultureInfo.InvariantCulture, out var pid) || pid <= 0)
        {
            return;
        }

        var tree = IsOurs(pid) ? ProcessTable.Tree(pid) : [];
        if (tree.Count > 0)
        {
            Signals.Send(pid, Signals.Interrupt);
            Signals.Send(pid, Signals.Continue);
            if (!await GoneAsync(tree, TimeSpan.FromSeconds(10), cancellation))
            {
                foreach (var process in tree)
                {
                    Signals.Send(process, Signals.Kill);
                }

                await GoneAsync(tree, TimeSpan.FromSeconds(10), cancellation);
            }
        }

        File.Delete(pidFile);
    }

    private bool IsOurs(int pid) => ProcessTable.CommandLine(pid)?.Contains(Data, StringComparison.Ordinal) == true;

    private static async Task<bool> GoneAsync(IReadOnlyList<int> pids, TimeSpan limit, CancellationToken cancellation)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (pids.Any(ProcessTable.IsAlive))
        {
            if (TimeProvider.System.GetElapsedTime(started) > limit)
            {
                return false;
            }

            await Task.Delay(25, cancellation);
        }

        return true;
    }

    private async Task RefuseOtherVersionAsync(CancellationToken cancellation)
    {
        var made = (await File.ReadAllTextAsync(Path.Combine(Data, "PG_VERSION"), cancellation)).Trim();
        var installed = (await ShortProcess.RunAsync([binaries.Server, "--version"], TimeSpan.FromSeconds(10), cancellation)).Output;
        // "postgres (PostgreSQL) 15.8 (Debian 15.8-0+deb12u1)"
        if (!installed.Contains($") {made}.", StringComparison.Ordinal) && !installed.Contains($") {made}\n", StringComparison.Ordinal))
        {
            throw new LocalStackException($"The data in {Data} was made by Postgres {made}, installed is {installed.Trim()}. `./dev up --reset` starts afresh.");
        }
    }

    private void WritePassword()
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        using (var writer = new StreamWriter(PasswordFile, options))
        {
            writer.WriteLine(RandomNumberGenerator.GetHexString(32, lowercase: true));
        }

        if (user is not null)
        {
            Signals.ChangeOwner(PasswordFile, user.Uid, user.Gid);
        }
    }
}
