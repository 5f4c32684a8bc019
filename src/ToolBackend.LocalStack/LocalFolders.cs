using System.Security.Cryptography;
using System.Text;
using ToolBackend.LocalStack.Processes;

namespace ToolBackend.LocalStack;

/// <summary>Where the private servers keep their data.</summary>
public static class LocalFolders
{
    private const string SharedTemp = "/var/tmp";

    /// <summary>
    /// <c>REPOSITORY/.local</c>, or <c>/var/tmp/toolbackend-HASH</c> when we are root and the servers' own account may not
    /// walk to the repository (a clone below /root, for instance). The hash is of the repository's path: two clones never share.
    /// </summary>
    public static string ServerData(string repositoryRoot)
    {
        var inRepository = Path.Combine(repositoryRoot, ".local");
        Directory.CreateDirectory(inRepository);
        if (UnprivilegedUser.ForServers() is null || IsReachable(inRepository))
        {
            return inRepository;
        }

        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Path.GetFullPath(repositoryRoot))))[..12];
        return CreateOwned(Path.Combine(SharedTemp, $"toolbackend-{hash}"));
    }

    /// <summary>A new empty folder for servers that live as long as this process. Leftovers of killed processes are removed.</summary>
    public static string NewTemporary()
    {
        var parent = Path.GetTempPath();
        if (UnprivilegedUser.ForServers() is not null && !IsReachable(parent))
        {
            parent = SharedTemp;
        }

        foreach (var old in Directory.EnumerateDirectories(parent, "toolbackend-run-*"))
        {
            if (int.TryParse(Path.GetFileName(old).Split('-')[2], out var owner) && !ProcessTable.IsAlive(owner))
            {
                TryDelete(old);
            }
        }

        var name = $"toolbackend-run-{Environment.ProcessId}-{RandomNumberGenerator.GetHexString(8, lowercase: true)}";
        return CreateOwned(Path.Combine(parent, name));
    }

    /// <summary>Removes a folder of a server that has stopped; a folder that somebody else removes at the same time is no error.</summary>
    public static void TryDelete(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Another user's leftover, or a server that is still writing its last file: the next run removes it.
            Console.Error.WriteLine($"Left behind {folder}: {error.Message}");
        }
    }

    internal static bool IsReachable(string folder)
    {
        for (var current = new DirectoryInfo(folder); current is not null; current = current.Parent)
        {
            if (!current.UnixFileMode.HasFlag(UnixFileMode.OtherExecute))
            {
                return false;
            }
        }

        return true;
    }

    // Anybody may create names below a shared temporary folder. Setting the mode fails unless the folder is ours (or we
    // are root), and a link in its place is refused, so nobody can lay out a folder for us.
    private static string CreateOwned(string folder)
    {
        var info = Directory.CreateDirectory(folder);
        if (info.LinkTarget is not null)
        {
            throw new LocalStackException($"{folder} is a link that somebody else made. Remove it and try again.");
        }

        info.UnixFileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
            | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        if (UnprivilegedUser.ForServers() is not null)
        {
            Signals.ChangeOwner(folder, 0, 0);
        }

        return folder;
    }
}
