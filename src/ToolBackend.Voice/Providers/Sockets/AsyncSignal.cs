using System.Threading.Tasks.Sources;

namespace ToolBackend.Voice.Providers.Sockets;

/// <summary>Wakes one waiter; set while nobody waits, the next wait returns at once. Any number may set it. Allocates nothing per wait.</summary>
/// <param name="runsInline">The waiter goes on within <see cref="Set"/>, on the setter's thread: for a waiter that is quick and never blocks. Else it goes on in the pool.</param>
internal sealed class AsyncSignal(bool runsInline = false) : IValueTaskSource
{
    private const int Idle = 0;
    private const int IsSet = 1;
    private const int Waiting = 2;

    private ManualResetValueTaskSourceCore<bool> _core = new() { RunContinuationsAsynchronously = !runsInline };
    private int _state;

    public void Set()
    {
        while (true)
        {
            if (Interlocked.CompareExchange(ref _state, IsSet, Idle) != Waiting)
            {
                return;
            }

            if (Interlocked.CompareExchange(ref _state, Idle, Waiting) == Waiting)
            {
                _core.SetResult(true);
                return;
            }
        }
    }

    /// <summary>One waiter at a time, who awaits what this returns exactly once.</summary>
    public ValueTask WaitAsync()
    {
        if (Interlocked.CompareExchange(ref _state, Idle, IsSet) == IsSet)
        {
            return ValueTask.CompletedTask;
        }

        _core.Reset();
        if (Interlocked.CompareExchange(ref _state, Waiting, Idle) == Idle)
        {
            return new ValueTask(this, _core.Version);
        }

        Volatile.Write(ref _state, Idle);
        return ValueTask.CompletedTask;
    }

    void IValueTaskSource.GetResult(short token) => _core.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);
}
