using System.CommandLine;
using ToolBackend.LocalStack.Stack;

namespace ToolBackend.LocalStack.Commands;

/// <summary><c>./dev up</c>: the whole stack, until Ctrl-C.</summary>
internal static class UpCommand
{
    private static readonly TimeSpan OtherStackDeadline = TimeSpan.FromSeconds(120);

    public static Command Create(StackPaths paths)
    {
        var reset = new Option<bool>("--reset") { Description = "Throw the database away first." };
        var detach = new Option<bool>("--detach") { Description = "Return when all is ready and leave it running." };
        var port = new Option<int?>("--port") { Description = "The Api's port (default 8080, or a free one when that is taken)." };
        var command = new Command("up", "Start Postgres, Redis, the Api, the Voice host and simulated vendors on this machine.") { reset, detach, port };
        command.SetAction((parsed, cancellation) =>
        {
            var settings = new StackSettings { Reset = parsed.GetValue(reset), Port = parsed.GetValue(port) };
            return parsed.GetValue(detach) ? DetachedSupervisor.StartAsync(paths, settings, cancellation) : RunAsync(paths, settings, cancellation);
        });
        return command;
    }

    private static async Task<int> RunAsync(StackPaths paths, StackSettings settings, CancellationToken cancellation)
    {
        using var taken = StackLock.TryTake(paths);
        if (taken is null)
        {
            return await ReportRunningAsync(paths, settings, cancellation);
        }

        try
        {
            await DebianPackages.EnsureAsync(Console.Out, cancellation);
            await using var run = await LocalStackRun.StartAsync(paths, settings, Console.Out, cancellation);
            await Console.Out.WriteLineAsync(StackHints.For(run.Stack));
            throw new LocalStackException(await run.WaitForFailureAsync(cancellation));
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            await Console.Out.WriteLineAsync("Stopped.");
            return 0;
        }
    }

    /// <summary>Says where the stack of another supervisor is, waiting for it when it is just starting.</summary>
    public static async Task<int> ReportRunningAsync(StackPaths paths, StackSettings settings, CancellationToken cancellation)
    {
        if (settings.Reset)
        {
            throw new LocalStackException("A stack is running. Stop it before a reset: ./dev down");
        }

        var stack = await RunningStack.WaitAsync(paths, () => RunningStack.Supervisor(paths) is not null, OtherStackDeadline, cancellation)
            ?? throw new LocalStackException("Another ./dev up was starting or stopping and no stack came of it. Try again.");
        await Console.Out.WriteLineAsync($"Already running (supervisor {stack.Pids.Supervisor}).");
        await Console.Out.WriteLineAsync(StackHints.For(stack));
        return 0;
    }
}
