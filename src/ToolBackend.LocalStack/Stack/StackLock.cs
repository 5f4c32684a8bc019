using System.Globalization;

namespace ToolBackend.LocalStack.Stack;

/// <summary>One supervisor per clone. The kernel releases the lock however the holder ends.</summary>
internal sealed class StackLock : IDisposable
{
    private readonly StackPaths _paths;
    private readonly FileStream _file;

    private StackLock(StackPaths paths, FileStream file) => (_paths, _file) = (paths, file);

    /// <summary>Null when another process runs, starts or stops this clone's stack.</summary>
    public static StackLock? TryTake(StackPaths paths)
    {
        Directory.CreateDirectory(paths.Local);
        FileStream file;
        try
        {
            file = new FileStream(paths.LockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return null;
        }

        // Left by a supervisor that was killed.
        File.Delete(paths.StackFile);
        File.WriteAllText(paths.SupervisorPidFile, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        return new StackLock(paths, file);
    }

    public void Dispose()
    {
        File.Delete(_paths.SupervisorPidFile);
        _file.Dispose();
    }
}
