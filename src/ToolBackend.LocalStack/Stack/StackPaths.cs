namespace ToolBackend.LocalStack.Stack;

/// <summary>The files of one clone's stack. Everything is below the ignored folder <c>.local</c>.</summary>
internal sealed record StackPaths(string Root)
{
    public string Local => Path.Combine(Root, ".local");

    public string StackFile => Path.Combine(Local, "stack.json");

    public string SecretsFile => Path.Combine(Local, "secrets.json");

    /// <summary>Held open by the process that runs the stack; the kernel lets go of it however that process ends.</summary>
    public string LockFile => Path.Combine(Local, "up.lock");

    public string SupervisorPidFile => Path.Combine(Local, "up.pid");

    public string DetachedLog => Path.Combine(Local, "up.log");

    public string TestResults => Path.Combine(Local, "test-results");

    public string Api => Output("src/ToolBackend.Api", "ToolBackend.Api");

    public string Voice => Output("src/ToolBackend.Voice", "ToolBackend.Voice");

    public string Cli => Output("src/ToolBackend.Cli", "toolbackend");

    public string LocalStack => Output("src/ToolBackend.LocalStack", "ToolBackend.LocalStack");

    public string Load => Output("tests/ToolBackend.Load", "ToolBackend.Load");

    public string Log(string name) => Path.Combine(Local, "logs", name + ".log");

    /// <summary>The clone that this program was built in.</summary>
    public static StackPaths Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "ToolBackend.sln")))
            {
                return new StackPaths(folder.FullName);
            }
        }

        throw new LocalStackException("This program runs from its build folder inside the repository: use ./dev.");
    }

    private string Output(string project, string assembly) => Path.Combine(Root, project, "bin", BuildFolder, assembly + ".dll");

    // "Release/net10.0", as we were built ourselves.
    private static string BuildFolder
    {
        get
        {
            var framework = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
            return Path.Combine(framework.Parent!.Name, framework.Name);
        }
    }
}
