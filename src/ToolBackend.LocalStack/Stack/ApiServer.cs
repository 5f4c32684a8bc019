using ToolBackend.LocalStack.Processes;

namespace ToolBackend.LocalStack.Stack;

/// <summary>The Api as a child process of the stack.</summary>
internal static class ApiServer
{
    private const int UsualPort = 8080;
    private static readonly TimeSpan ReadyDeadline = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(15);

    /// <summary>Returns when <c>/readyz</c> answers 200.</summary>
    /// <exception cref="LocalStackException">It did not get there; the message holds the end of its log.</exception>
    public static async Task<SupervisedProcess> StartAsync(
        StackPaths paths, string url, IReadOnlyDictionary<string, string?> environment, CancellationToken cancellation)
    {
        var options = new SupervisedProcessOptions
        {
            Name = "Api",
            CommandLine = [ForegroundProcess.DotnetHost, paths.Api],
            Environment = environment,
            WorkingDirectory = Path.GetDirectoryName(paths.Api)!,
            LogFile = paths.Log("api"),
            StopGrace = StopGrace,
        };
        var api = await SupervisedProcess.StartAsync(options, cancellation);
        try
        {
            await WaitUntilReadyAsync(api, url, cancellation);
            return api;
        }
        catch
        {
            await api.DisposeAsync();
            throw;
        }
    }

    /// <summary>The usual port, so that what was pasted yesterday still works; a free one when it is taken.</summary>
    public static int ChoosePort(int? asked)
    {
        var wanted = asked ?? UsualPort;
        if (FreePort.IsFree(wanted))
        {
            return wanted;
        }

        return asked is null
            ? FreePort.Next()
            : throw new LocalStackException($"Port {wanted} is taken. Leave --port out to get a free one.");
    }

    private static async Task WaitUntilReadyAsync(SupervisedProcess api, string url, CancellationToken cancellation)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(ReadyDeadline);
        var last = "no answer";
        try
        {
            while (!api.Exit.IsCompleted)
            {
                last = await ProbeAsync(http, new Uri(url + "/readyz"), deadline.Token);
                if (last == "200")
                {
                    return;
                }

                await Task.WhenAny(api.Exit, Task.Delay(25, deadline.Token));
                deadline.Token.ThrowIfCancellationRequested();
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new LocalStackException($"The Api was not ready within {ReadyDeadline.TotalSeconds:0} s (/readyz: {last}). Its last lines:\n{api.Log.Tail}");
        }

        throw new LocalStackException($"The Api ended with exit code {await api.Exit}. Its last lines:\n{api.Log.Tail}");
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
