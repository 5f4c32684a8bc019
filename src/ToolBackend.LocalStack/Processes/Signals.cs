using System.Runtime.InteropServices;

namespace ToolBackend.LocalStack.Processes;

/// <summary>Unix signals by their number on this system.</summary>
internal static class Signals
{
    public const int Interrupt = 2;
    public const int Kill = 9;
    public const int Terminate = 15;

    public static int Stop => OperatingSystem.IsMacOS() ? 17 : 19;

    public static int Continue => OperatingSystem.IsMacOS() ? 19 : 18;

    private const int NoSuchProcess = 3;

    /// <summary>Sends a signal; false when the process is gone, which is never an error to a caller that wants it gone.</summary>
    public static bool Send(int pid, int signal)
    {
        // 0 and negative numbers address whole process groups, among them our own.
        ArgumentOutOfRangeException.ThrowIfLessThan(pid, 1);
        if (kill(pid, signal) == 0)
        {
            return true;
        }

        var error = Marshal.GetLastPInvokeError();
        return error == NoSuchProcess
            ? false
            : throw new LocalStackException($"Signal {signal} could not be sent to process {pid}: {Marshal.GetPInvokeErrorMessage(error)}.");
    }

    public static void ChangeOwner(string path, int uid, int gid)
    {
        if (chown(path, uid, gid) != 0)
        {
            throw new LocalStackException($"Cannot hand {path} to user {uid}: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}.");
        }
    }

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int kill(int pid, int signal);

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int chown([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int uid, int gid);
}
