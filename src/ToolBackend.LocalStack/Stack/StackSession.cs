namespace ToolBackend.LocalStack.Stack;

/// <summary>A stack to work with: the running one, or one of our own for as long as it is needed.</summary>
internal sealed class StackSession : IAsyncDisposable
{
    private readonly StackLock? _lock;
    private readonly LocalStackRun? _own;

    private StackSession(StackFile stack, StackLock? @lock, LocalStackRun? own) => (Stack, _lock, _own) = (stack, @lock, own);

    public StackFile Stack { get; }

    public static async Task<StackSession> OpenAsync(StackPaths paths, CancellationToken cancellation)
    {
        if (RunningStack.Find(paths) is { } running)
        {
            return new StackSession(running, null, null);
        }

        var taken = StackLock.TryTake(paths) ?? throw new LocalStackException("A stack is just starting or stopping. Try again in a few seconds.");
        try
        {
            await Console.Error.WriteLineAsync("No stack is running: starting one for this command (./dev up --detach keeps one).");
            await DebianPackages.EnsureAsync(Console.Error, cancellation);
            var own = await LocalStackRun.StartAsync(paths, new StackSettings(), Console.Error, cancellation);
            return new StackSession(own.Stack, taken, own);
        }
        catch
        {
            taken.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_own is not null)
        {
            await _own.DisposeAsync();
        }

        _lock?.Dispose();
    }
}
