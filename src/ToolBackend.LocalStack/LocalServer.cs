using ToolBackend.LocalStack.Processes;

namespace ToolBackend.LocalStack;

/// <summary>
/// The life of one private server on a loopback port: start, stop and start again on the same port, crash, freeze.
/// Not for use by several threads at once.
/// </summary>
public abstract class LocalServer : IAsyncDisposable
{
    private const int PortAttempts = 5;
    private static readonly TimeSpan BetweenProbes = TimeSpan.FromMilliseconds(20);

    private SupervisedProcess? _process;

    private protected LocalServer(string name, int? port, TimeSpan startDeadline)
    {
        Name = name;
        Port = port ?? 0;
        StartDeadline = startDeadline;
    }

    public string Name { get; }

    /// <summary>The loopback port, the same for every later start.</summary>
    public int Port { get; private set; }

    public bool IsRunning => _process is { Exit.IsCompleted: false };

    /// <summary>Process id of the server itself.</summary>
    public int Pid => Running.Pid;

    /// <summary>Completes with the exit code when the server that runs now ends.</summary>
    public Task<int> Exit => Running.Exit;

    /// <summary>The last lines that the server wrote.</summary>
    public string LogTail => _process?.Log.Tail ?? "";

    private protected TimeSpan StartDeadline { get; }

    private SupervisedProcess Running => _process ?? throw new InvalidOperationException($"{Name} does not run.");

    /// <summary>Starts the server and returns when it answers a real request.</summary>
    /// <exception cref="LocalStackException">It did not come up; the message holds the end of its log.</exception>
    public async Task StartAsync(CancellationToken cancellation = default)
    {
        if (IsRunning)
        {
            throw new InvalidOperationException($"{Name} runs already.");
        }

        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(StartDeadline);
        await PrepareAsync(deadline.Token);
        var chosenByKernel = Port == 0;
        for (var attempt = 1; ; attempt++)
        {
            Port = chosenByKernel ? FreePort.Next() : Port;
            await DropProcessAsync();
            _process = await SupervisedProcess.StartAsync(Describe(), deadline.Token);
            if (await IsReadyAsync(_process, deadline.Token))
            {
                return;
            }

            cancellation.ThrowIfCancellationRequested();
            var tail = LogTail;
            var portTaken = tail.Contains("Address already in use", StringComparison.Ordinal);
            if (!portTaken || attempt == PortAttempts)
            {
                await DropProcessAsync();
                throw new LocalStackException($"{Name} did not start on 127.0.0.1:{Port} within {StartDeadline.TotalSeconds:0} s. Its last lines:\n{tail}");
            }
        }
    }

    /// <summary>An orderly end.</summary>
    public Task StopAsync(CancellationToken cancellation = default) => Running.StopAsync(cancellation);

    /// <summary>SIGKILL to all of the server's processes.</summary>
    public Task KillAsync() => Running.KillAsync();

    /// <summary>Freezes all of the server's processes: connections stay open and nothing answers.</summary>
    public Task PauseAsync()
    {
        Running.Pause();
        return Task.CompletedTask;
    }

    public Task ResumeAsync()
    {
        Running.Resume();
        return Task.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await DropProcessAsync();
        GC.SuppressFinalize(this);
    }

    private protected abstract Task PrepareAsync(CancellationToken cancellation);

    private protected abstract SupervisedProcessOptions Describe();

    /// <summary>One try to talk to the server: false when it does not answer yet.</summary>
    private protected abstract Task<bool> ProbeAsync(CancellationToken cancellation);

    private async Task<bool> IsReadyAsync(SupervisedProcess process, CancellationToken deadline)
    {
        try
        {
            while (!process.Exit.IsCompleted)
            {
                // Somebody else may answer on the port that our server failed to get: then it has exited by the next look.
                if (await ProbeAsync(deadline) && !process.Exit.IsCompleted)
                {
                    return true;
                }

                await Task.WhenAny(process.Exit, Task.Delay(BetweenProbes, deadline));
            }
        }
        catch (OperationCanceledException)
        {
            return false;
        }

        return false;
    }

    private async Task DropProcessAsync()
    {
        if (_process is { } process)
        {
            _process = null;
            await process.DisposeAsync();
        }
    }
}
