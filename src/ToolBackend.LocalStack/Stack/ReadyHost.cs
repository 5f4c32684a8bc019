using ToolBackend.LocalStack.Processes;

namespace ToolBackend.LocalStack.Stack;

/// <summary>Starts one of the product's hosts as a child process and waits until it says that it is ready.</summary>
internal static class ReadyHost
{
    private static readonly TimeSpan s_readyDeadline = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_stopGrace = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(25);

    /// <summary>Returns when <c>/readyz</c> answers 200.</summary>
    /// <param name="name">For messages.</param>
    /// <param name="assembly">The built host.</param>
    /// <param name="arguments">Configuration that cannot be an environment variable.</param>
    /// <param name="url">Its loopback address.</param>
    /// <exception cref="LocalStackException">It did not get there; the message holds the end of its log.</exception>
    public static async Task<SupervisedProcess> StartAsync(
        string name, string assembly, IReadOnlyList<string> arguments, string url, IReadOnlyDictionary<string, string?> environment, string logFile, CancellationToken cancellation)
    {
        var options = new SupervisedProcessOptions
        {
            Name = name,
            CommandLine = [ForegroundProcess.DotnetHost, assembly, .. arguments],
            Environment = environment,
            WorkingDirectory = Path.GetDirectoryName(assembly)!,
            LogFile = logFile,
            StopGrace = s_stopGrace,
        };
        var host = await SupervisedProcess.StartAsync(options, cancellation);
        try
        {
            await WaitUntilReadyAsync(name, host, url, cancellation);
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <summary>The usual port, so that what was pasted yesterday still works; a free one when it is taken.</summary>
    /// <exception cref="LocalStackException">The port that was asked for is taken.</exception>
    public static int ChoosePort(int usual, int? asked = null)
    {
        var wanted = asked ?? usual;
        if (FreePort.IsFree(wanted))
        {
            return wanted;
        }

        return asked is null
            ? FreePort.Next()
            : throw new LocalStackException($"Port {wanted} is taken. Leave --port out to get a free one.");
    }

    private static async Task WaitUntilReadyAsync(string name, SupervisedProcess host, string url, CancellationToken cancellation)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(s_readyDeadline);
        var last = "no answer";
        try
        {
            while (!host.Exit.IsCompleted)
            {
                last = await ProbeAsync(http, new Uri(url + "/readyz"), deadline.Token);
                if (last == "200")
                {
                    return;
                }

                await Task.WhenAny(host.Exit, Task.Delay(s_look, deadline.Token));
                deadline.Token.ThrowIfCancellationRequested();
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new LocalStackException($"The {name} was not ready within {s_readyDeadline.TotalSeconds:0} s (/readyz: {last}). Its last lines:\n{host.Log.Tail}");
        }

        throw new LocalStackException($"The {name} ended with exit code {await host.Exit}. Its last lines:\n{host.Log.Tail}");
    }

    private static async Task<string> ProbeAsync(HttpClient http, Uri url, CancellationToken cancellation)
    {
        try
        {
            using var answer = await http.GetAsync(url, cancellation);
            return $"{(int)answer.StatusCode}";
        }
        catch (HttpRequestException error)
        {
            return error.HttpRequestError.ToString();
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return "timed out";
        }
    }
}
