using System.CommandLine;
using ToolBackend.LocalStack.Processes;
using ToolBackend.LocalStack.Stack;

namespace ToolBackend.LocalStack.Commands;

/// <summary><c>./dev down</c>: ends the stack of this clone, wherever it was started.</summary>
internal static class DownCommand
{
    // The Api drains for up to 15 s, then the servers have 20 s.
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(45);

    public static Command Create(StackPaths paths)
    {
        var command = new Command("down", "Stop the running stack; its data is kept.");
        command.SetAction((_, cancellation) => RunAsync(paths, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(StackPaths paths, CancellationToken cancellation)
    {
        if (RunningStack.Supervisor(paths) is not { } supervisor)
        {
            File.Delete(paths.StackFile);
            await Console.Out.WriteLineAsync("No stack is running.");
            return 0;
        }

        Signals.Send(supervisor, Signals.Terminate);
        var started = TimeProvider.System.GetTimestamp();
        while (ProcessTable.IsAlive(supervisor))
        {
            if (TimeProvider.System.GetElapsedTime(started) > Deadline)
            {
                // Its children end with it.
                Signals.Send(supervisor, Signals.Kill);
                File.Delete(paths.StackFile);
                throw new LocalStackException($"The supervisor (process {supervisor}) did not end within {Deadline.TotalSeconds:0} s and was killed.");
            }

            await Task.Delay(25, cancellation);
        }

        await Console.Out.WriteLineAsync("Stopped.");
        return 0;
    }
}
