using System.Net;
using Microsoft.AspNetCore.Builder;
using ToolBackend.LocalStack.Processes;

namespace ToolBackend.Load.Children;

/// <summary>A measured server in a process of its own, so that the driver's garbage and the server's are not mixed up.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan s_readyDeadline = TimeSpan.FromSeconds(60);

    private readonly SupervisedProcess _process;
    private readonly int _gaugePort;

    private ServerProcess(SupervisedProcess process, int port, int gaugePort) => (_process, Port, _gaugePort) = (process, port, gaugePort);

    public int Port { get; }

    /// <summary>Starts a verb of this very program and returns when <paramref name="readyPath"/> answers 200.</summary>
    /// <param name="at">Its port; null for a free one.</param>
    /// <param name="arguments">More of them, for settings whose names no shell lets through its environment.</param>
    public static async Task<ServerProcess> StartAsync(
        string verb, string readyPath, IReadOnlyDictionary<string, string?> environment, string logFile, CancellationToken cancellation, int? at = null, params IReadOnlyList<string> arguments)
    {
        var (port, gaugePort) = (at ?? FreePort.Next(), FreePort.Next());
        var process = await SupervisedProcess.StartAsync(
            new SupervisedProcessOptions
            {
                Name = verb,
                CommandLine = [Repository.DotnetHost, typeof(ServerProcess).Assembly.Location, verb, $"{gaugePort}", "--urls", $"http://127.0.0.1:{port}", .. arguments],
                Environment = environment,
                WorkingDirectory = Path.Combine(Repository.Root, "src/ToolBackend.Api"),
                LogFile = logFile,
            },
            cancellation);
        try
        {
            await WaitUntilReadyAsync(process, new Uri($"http://127.0.0.1:{port}{readyPath}"), cancellation);
            return new ServerProcess(process, port, gaugePort);
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    public Task<GaugeReading> ReadGaugeAsync(CancellationToken cancellation) => Gauge.ReadAsync(_gaugePort, cancellation);

    /// <summary>SIGKILL, as a crash.</summary>
    public Task KillAsync() => _process.KillAsync();

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    /// <summary>The child's side: serves until it is asked to stop.</summary>
    public static async Task<int> ServeAsync(WebApplication app, int gaugePort, CancellationToken cancellation)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var gauge = Gauge.ServeAsync(gaugePort, ended.Token);
        await app.RunAsync();
        await ended.CancelAsync();
        await gauge;
        return 0;
    }

    /// <exception cref="LoadException">It did not get there; the message holds the end of its log.</exception>
    public static async Task WaitUntilReadyAsync(SupervisedProcess process, Uri url, CancellationToken cancellation)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(s_readyDeadline);
        while (!process.Exit.IsCompleted && !deadline.IsCancellationRequested)
        {
            try
            {
                using var answer = await http.GetAsync(url, deadline.Token);
                if (answer.StatusCode is HttpStatusCode.OK)
                {
                    return;
                }
            }
            catch (Exception error) when (error is HttpRequestException or OperationCanceledException)
            {
                // Not listening yet; the deadline above ends this.
                cancellation.ThrowIfCancellationRequested();
            }

            await Task.Delay(TimeSpan.FromMilliseconds(5), cancellation);
        }

        throw new LoadException($"{url} was not ready. Its last lines:\n{process.Log.Tail}");
    }
}
