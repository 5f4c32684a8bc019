namespace ToolBackend.Load;

/// <summary>The clone that this program was built in.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    /// <summary>Ignored by git; results and the bench's own servers live below.</summary>
    public static string Local(params string[] parts) => Path.Combine([Root, ".local", .. parts]);

    /// <summary>The <c>dotnet</c> that runs us, so that children use the same one.</summary>
    public static string DotnetHost => Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet";

    /// <summary>"Release/net10.0", as we were built ourselves.</summary>
    public static string BuildFolder
    {
        get
        {
            var framework = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
            return Path.Combine(framework.Parent!.Name, framework.Name);
        }
    }

    /// <summary>Short id of the commit that is checked out, for reports; "unknown" outside a clone.</summary>
    public static string Commit()
    {
        var head = Path.Combine(GitFolder(), "HEAD");
        if (!File.Exists(head))
        {
            return "unknown";
        }

        var start = new System.Diagnostics.ProcessStartInfo("git", ["-C", Root, "describe", "--always", "--dirty"]) { RedirectStandardOutput = true, UseShellExecute = false };
        using var git = System.Diagnostics.Process.Start(start)!;
        var said = git.StandardOutput.ReadToEnd().Trim();
        return git.WaitForExit(TimeSpan.FromSeconds(10)) && said.Length > 0 ? said : "unknown";
    }

    private static string GitFolder()
    {
        var git = Path.Combine(Root, ".git");
        return File.Exists(git) ? File.ReadAllText(git).Split("gitdir:", 2)[^1].Trim() : git; // a worktree's .git is a file that points there
    }

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "ToolBackend.sln")))
            {
                return folder.FullName;
            }
        }

        throw new LoadException("This program runs from its build folder inside the repository: use ./dev.");
    }
}
