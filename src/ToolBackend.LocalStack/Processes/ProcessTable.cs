using System.Globalization;

namespace ToolBackend.LocalStack.Processes;

/// <summary>What /proc knows about running processes. Where there is no /proc (macOS), nothing is known and nothing is touched.</summary>
internal static class ProcessTable
{
    /// <summary>A zombie counts as dead: it holds no port, no memory and no file.</summary>
    public static bool IsAlive(int pid) =>
        Directory.Exists("/proc/self") ? State(pid) is { } state && state != 'Z' && state != 'X' : Signals.Send(pid, 0);

    /// <summary>The command line with spaces between its arguments, or null when the process is gone.</summary>
    public static string? CommandLine(int pid) =>
        ReadOrNull($"/proc/{pid}/cmdline")?.Replace('\0', ' ').TrimEnd();

    /// <summary>The process and everything below it. Postgres gives every child a session of its own, so process groups do not find them.</summary>
    public static IReadOnlyList<int> Tree(int root)
    {
        var children = new Dictionary<int, List<int>>();
        foreach (var folder in Directory.Exists("/proc") ? Directory.EnumerateDirectories("/proc") : [])
        {
            if (int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var pid) && Fields(pid) is { } fields)
            {
                var parent = int.Parse(fields[1], CultureInfo.InvariantCulture);
                if (!children.TryGetValue(parent, out var list))
                {
                    children[parent] = list = [];
                }

                list.Add(pid);
            }
        }

        var tree = new List<int> { root };
        for (var i = 0; i < tree.Count; i++)
        {
            tree.AddRange(children.GetValueOrDefault(tree[i], []));
        }

        return tree;
    }

    private static char? State(int pid) => Fields(pid)?[0][0];

    // /proc/PID/stat is "pid (name) state parent ..."; the name may hold spaces and brackets.
    private static string[]? Fields(int pid) =>
        ReadOrNull($"/proc/{pid}/stat") is { Length: > 0 } stat ? stat[(stat.LastIndexOf(')') + 2)..].Split(' ') : null;

    private static string? ReadOrNull(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            // The process ended between listing and reading ("no such file" or "no such process").
            return null;
        }
        catch (UnauthorizedAccessException)
        {
            return null;
        }
    }
}
