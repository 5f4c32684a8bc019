using System.Diagnostics;

namespace ToolBackend.LocalStack.Processes;

/// <summary>Runs a short-lived program to its end and keeps what it printed.</summary>
internal static class ShortProcess
{
    public sealed record Result(int ExitCode, string Output);

    public static async Task<Result> RunAsync(
        IReadOnlyList<string> commandLine, TimeSpan deadline, CancellationToken cancellation, string workingDirectory = "/")
    {
        var start = new ProcessStartInfo(commandLine[0], commandLine.Skip(1))
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = workingDirectory,
        };
        using var process = Process.Start(start) ?? throw new LocalStackException($"{commandLine[0]} did not start.");
        process.StandardInput.Close();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(deadline);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var errors = process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return new Result(process.ExitCode, await output + await errors);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            cancellation.ThrowIfCancellationRequested();
            throw new LocalStackException($"{commandLine[0]} did not finish within {deadline.TotalSeconds:0} s.");
        }
    }
}
