using System.Diagnostics;
using Npgsql;
using ToolBackend.Load.Children;
using ToolBackend.Load.Driver;
using ToolBackend.LocalStack.Processes;

namespace ToolBackend.Load.Bench;

/// <param name="ReadyMilliseconds">From the start of the process to <c>/readyz</c> 200.</param>
/// <param name="FirstAnswerMilliseconds">The first tool call after that, on a new connection.</param>
internal sealed record Start(double ReadyMilliseconds, double FirstAnswerMilliseconds);

/// <summary>Starts the real Api, as it is deployed, and asks it once.</summary>
internal static class ColdStart
{
    public static async Task<Start> RunAsync(BenchServers servers, NpgsqlDataSource database, Func<int, Workload> ask, CancellationToken cancellation)
    {
        var assembly = Path.Combine(Repository.Root, "src/ToolBackend.Api/bin", Repository.BuildFolder, "ToolBackend.Api.dll");
        var port = FreePort.Next();
        var started = Stopwatch.GetTimestamp();
        await using var process = await SupervisedProcess.StartAsync(
            new SupervisedProcessOptions
            {
                Name = "Api",
                CommandLine = [Repository.DotnetHost, assembly, "--urls", $"http://127.0.0.1:{port}"],
                Environment = servers.ApiEnvironment(database, "bench-start"),
                WorkingDirectory = Path.GetDirectoryName(assembly)!,
            },
            cancellation);
        await ServerProcess.WaitUntilReadyAsync(process, new Uri($"http://127.0.0.1:{port}/readyz"), cancellation);
        var ready = Stopwatch.GetElapsedTime(started).TotalMilliseconds;

        var workload = ask(port);
        var request = workload.Request(0) ?? throw new LoadException("There is nothing to ask for at the start.");
        var asked = Stopwatch.GetTimestamp();
        using var lane = await HttpLane.ConnectAsync(port, cancellation);
        var (status, body) = await lane.ExchangeAsync(request);
        var took = Stopwatch.GetElapsedTime(asked).TotalMilliseconds;
        return status == 200 && workload.Judge(body.Span) is Verdict.AsExpected
            ? new Start(ready, took)
            : throw new LoadException($"The first request was answered {status} {System.Text.Encoding.UTF8.GetString(body.Span)}");
    }
}
