using System.Globalization;

namespace ToolBackend.LocalStack.Processes;

/// <summary>The account the servers run as when we are root: Postgres refuses to run as root.</summary>
public sealed record UnprivilegedUser(string Name, int Uid, int Gid)
{
    /// <summary>`postgres` where its package is installed, else `nobody`; null when we are not root and need nobody else.</summary>
    public static UnprivilegedUser? ForServers()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            return null;
        }

        var accounts = File.ReadLines("/etc/passwd").Select(line => line.Split(':')).Where(fields => fields.Length >= 4).ToList();
        var account = accounts.Find(fields => fields[0] is "postgres") ?? accounts.Find(fields => fields[0] is "nobody")
            ?? throw new LocalStackException("Postgres does not run as root, and neither user 'postgres' nor 'nobody' exists. Run this as an ordinary user.");
        return new UnprivilegedUser(
            account[0], int.Parse(account[2], CultureInfo.InvariantCulture), int.Parse(account[3], CultureInfo.InvariantCulture));
    }

    /// <summary>The words to put before a command line so that it runs as this user.</summary>
    public IReadOnlyList<string> CommandPrefix()
    {
        if (Executables.Find("setpriv") is { } setpriv)
        {
            return [setpriv, $"--reuid={Uid}", $"--regid={Gid}", "--clear-groups"];
        }

        return Executables.Find("runuser") is { } runuser
            ? [runuser, "-u", Name, "--"]
            : throw new LocalStackException("Running as root needs 'setpriv' or 'runuser' (package util-linux) to start Postgres as an ordinary user.");
    }

    /// <summary>Creates a folder that only this user may enter.</summary>
    public static void CreatePrivateFolder(string path, UnprivilegedUser? user)
    {
        Directory.CreateDirectory(path);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        if (user is not null)
        {
            Signals.ChangeOwner(path, user.Uid, user.Gid);
        }
    }
}
