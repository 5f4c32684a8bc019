using System.Diagnostics;
using ToolBackend.LocalStack.Processes;

namespace ToolBackend.LocalStack.Stack;

/// <summary>Runs a program on our own terminal until it ends.</summary>
internal static class ForegroundProcess
{
    /// <summary>How long a program may take to end after Ctrl-C before it is killed.</summary>
    private static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(10);

    /// <summary>Runs a built .NET program with arguments.</summary>
    public static Task<int> RunDotnetAsync(
        string assembly, IEnumerable<string> arguments, IReadOnlyDictionary<string, string?> environment, CancellationToken cancellation) =>
        File.Exists(assembly)
            ? RunAsync([DotnetHost, assembly, .. arguments], environment, cancellation)
            : throw new LocalStackException($"{assembly} is not built. Build it: dotnet build ToolBackend.sln -c Release");

    /// <summary>The <c>dotnet</c> that runs us, so that children use the same one.</summary>
    public static string DotnetHost => Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet";

    public static async Task<int> RunAsync(
        IReadOnlyList<string> commandLine, IReadOnlyDictionary<string, string?> environment, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(commandLine[0], commandLine.Skip(1)) { UseShellExecute = false };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start) ?? throw new LocalStackException($"{commandLine[0]} did not start.");
        try
        {
            await process.WaitForExitAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            Signals.Send(process.Id, Signals.Terminate);
            using var grace = new CancellationTokenSource(StopGrace);
            try
            {
                await process.WaitForExitAsync(grace.Token);
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
            }

            throw;
        }

        return process.ExitCode;
    }
}
