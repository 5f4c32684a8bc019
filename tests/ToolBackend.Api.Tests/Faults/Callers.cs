using System.Collections.Concurrent;

namespace ToolBackend.Api.Tests.Faults;

/// <summary>Callers who call a tool again and again, each after the answer to the last one, until they are stopped.</summary>
internal sealed class Callers : IAsyncDisposable
{
    // A breath between two calls: the test is about a dependency, not about this machine's processors.
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(10);

    private readonly ConcurrentQueue<ToolCallReply> _replies = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _calling;
    private int _number;

    private Callers(int count, Func<int, Task<ToolCallReply>> call) =>
        _calling = Task.WhenAll(Enumerable.Range(0, count).Select(_ => CallAsync(call)));

    /// <param name="count">How many call at once.</param>
    /// <param name="call">Gets a number that no other call has.</param>
    public static Callers Start(int count, Func<int, Task<ToolCallReply>> call) => new(count, call);

    /// <summary>The answers since the last look.</summary>
    public IReadOnlyList<ToolCallReply> Take()
    {
        var taken = new List<ToolCallReply>();
        while (_replies.TryDequeue(out var reply))
        {
            taken.Add(reply);
        }

        return taken;
    }

    /// <summary>Lets so much time pass and returns what was answered in it.</summary>
    public async Task<IReadOnlyList<ToolCallReply>> DuringAsync(TimeSpan time)
    {
        Take();
        await Task.Delay(time);
        return Take();
    }

    /// <summary>Every call under way is answered before this returns; one that hangs fails the test.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _calling;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    public static TimeSpan Quantile(IReadOnlyList<ToolCallReply> replies, double share)
    {
        replies.Count.ShouldBeGreaterThan(10, "too few calls to say anything");
        return replies.Select(r => r.Took).Order().ElementAt((int)(share * (replies.Count - 1)));
    }

    private async Task CallAsync(Func<int, Task<ToolCallReply>> call)
    {
        while (!_stop.IsCancellationRequested)
        {
            _replies.Enqueue(await call(Interlocked.Increment(ref _number)));
            await Task.Delay(s_pause);
        }
    }
}
