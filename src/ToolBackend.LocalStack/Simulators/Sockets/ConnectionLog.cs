namespace ToolBackend.LocalStack.Simulators.Sockets;

/// <summary>The websockets that a simulator accepted, oldest first, the last 5,000.</summary>
public sealed class ConnectionLog
{
    private const int Most = 5000;

    private readonly Lock _gate = new();
    private readonly Queue<SimulatedConnection> _connections = new();
    private TaskCompletionSource _opened = NewSignal();
    private int _count;

    public IReadOnlyList<SimulatedConnection> All
    {
        get
        {
            lock (_gate)
            {
                return [.. _connections];
            }
        }
    }

    /// <summary>Opened so far.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _count;
            }
        }
    }

    /// <summary>Open now.</summary>
    public int OpenCount => All.Count(connection => connection.ClosedAt is null);

    /// <summary>The connection with this number, now or once it opens.</summary>
    /// <exception cref="OperationCanceledException">Cancelled before.</exception>
    public async Task<SimulatedConnection> OpenedAsync(int number = 1, CancellationToken cancellation = default)
    {
        while (true)
        {
            Task opened;
            lock (_gate)
            {
                if (_connections.FirstOrDefault(connection => connection.Number == number) is { } found)
                {
                    return found;
                }

                opened = _opened.Task;
            }

            await opened.WaitAsync(cancellation);
        }
    }

    internal SimulatedConnection Open(string path, string query, long at)
    {
        lock (_gate)
        {
            var connection = new SimulatedConnection(++_count, path, query, at);
            _connections.Enqueue(connection);
            if (_connections.Count > Most)
            {
                _connections.Dequeue();
            }

            _opened.TrySetResult();
            _opened = NewSignal();
            return connection;
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
