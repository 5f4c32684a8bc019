using System.Diagnostics;
using System.Globalization;
using ToolBackend.LocalStack.Commands;
using ToolBackend.LocalStack.Processes;

namespace ToolBackend.LocalStack.Stack;

/// <summary><c>./dev up --detach</c>: the supervisor in a session of its own, with its output in <c>.local/up.log</c>.</summary>
internal static class DetachedSupervisor
{
    private const int LogLines = 60;

    // Holds the installation of missing packages too.
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(10);

    public static async Task<int> StartAsync(StackPaths paths, StackSettings settings, CancellationToken cancellation)
    {
        if (RunningStack.Supervisor(paths) is not null)
        {
            return await UpCommand.ReportRunningAsync(paths, settings, cancellation);
        }

        Directory.CreateDirectory(paths.Local);
        using var supervisor = Process.Start(StartInfo(paths, settings)) ?? throw new LocalStackException("The supervisor did not start.");
        var stack = await RunningStack.WaitAsync(paths, () => !supervisor.HasExited, Deadline, cancellation);
        if (stack is not null)
        {
            await Console.Out.WriteLineAsync(StackHints.For(stack));
            return 0;
        }

        if (!supervisor.HasExited)
        {
            Signals.Send(supervisor.Id, Signals.Terminate);
        }

        var log = await File.ReadAllLinesAsync(paths.DetachedLog, cancellation);
        await Console.Error.WriteLineAsync($"The stack did not come up. The end of {paths.DetachedLog}:\n{string.Join('\n', log.TakeLast(LogLines))}");
        return 1;
    }

    private static ProcessStartInfo StartInfo(StackPaths paths, StackSettings settings)
    {
        // The hints in the log hold secrets. The shell redirects: a child that kept our output open would keep whoever reads it waiting. exec keeps the pid.
        List<string> words = ["-c", "log=$1; shift; : >\"$log\"; chmod 600 \"$log\"; exec \"$@\" >\"$log\" 2>&1 </dev/null", "detach", paths.DetachedLog];
        words.AddRange(Executables.Find("setsid") is { } setsid ? [setsid] : []);
        words.AddRange([ForegroundProcess.DotnetHost, typeof(DetachedSupervisor).Assembly.Location, "up"]);
        if (settings.Reset)
        {
            words.Add("--reset");
        }

        if (settings.Port is { } port)
        {
            words.AddRange(["--port", port.ToString(CultureInfo.InvariantCulture)]);
        }

        return new ProcessStartInfo("/bin/sh", words) { UseShellExecute = false, WorkingDirectory = paths.Root };
    }
}
