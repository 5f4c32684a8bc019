namespace ToolBackend.LocalStack.Simulators.Sockets;

/// <summary>A message on a socket.</summary>
/// <param name="Kind">What it is; each simulator says which there are.</param>
/// <param name="At">Timestamp of the simulator's clock (<c>Stopwatch.GetTimestamp</c> with the system's) just before it was written, or when it had been read.</param>
/// <param name="Detail">Its transcript, context or, of received ones, text.</param>
public readonly record struct SocketMessage(string Kind, long At, string Detail);

/// <summary>What happened on one websocket of a simulator. Lists hold the last 5,000 entries.</summary>
public sealed class SimulatedConnection
{
    private const int Most = 5000;

    private readonly Lock _gate = new();
    private readonly Queue<SocketMessage> _sent = new();
    private readonly Queue<SocketMessage> _received = new();
    private readonly Queue<string> _violations = new();
    private readonly List<Waiter> _waiters = [];
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _bytesReceived;
    private long _audioSent;
    private long _characters;

    internal SimulatedConnection(int number, string path, string query, long openedAt)
    {
        Number = number;
        Path = path;
        Query = query;
        OpenedAt = openedAt;
    }

    /// <summary>From 1, in the order of opening.</summary>
    public int Number { get; }

    public string Path { get; }

    /// <summary>With its question mark, or empty.</summary>
    public string Query { get; }

    public long OpenedAt { get; }

    /// <summary>Null while it is open.</summary>
    public long? ClosedAt { get; private set; }

    /// <summary>Of the close frame that came first; 1005: it had none. Null: no close frame came.</summary>
    public int? CloseStatus { get; private set; }

    public string? CloseReason { get; private set; }

    /// <summary>The client's close frame came first.</summary>
    public bool IsClosedByClient { get; private set; }

    /// <summary>Completes when the connection has ended, in whichever way.</summary>
    public Task Closed => _closed.Task;

    /// <summary>Of binary messages.</summary>
    public long BytesReceived => Interlocked.Read(ref _bytesReceived);

    /// <summary>Bytes of mu-law.</summary>
    public long AudioSent => Interlocked.Read(ref _audioSent);

    /// <summary>Characters that a voice was given to speak: what is billed.</summary>
    public long Characters => Interlocked.Read(ref _characters);

    public IReadOnlyList<SocketMessage> Sent => Copy(_sent);

    /// <summary>Text messages; Kind is their <c>type</c> where they have one.</summary>
    public IReadOnlyList<SocketMessage> Received => Copy(_received);

    /// <summary>What the client did against the vendor's rules.</summary>
    public IReadOnlyList<string> Violations => Copy(_violations);

    /// <summary>The n-th message of a kind that is or will be sent.</summary>
    /// <exception cref="OperationCanceledException">Cancelled before.</exception>
    public async Task<SocketMessage> SentAsync(string kind, int count = 1, CancellationToken cancellation = default)
    {
        var waiter = new Waiter(kind, count);
        lock (_gate)
        {
            foreach (var message in _sent)
            {
                waiter.See(message);
            }

            _waiters.Add(waiter);
        }

        return await waiter.Found.Task.WaitAsync(cancellation);
    }

    internal void AddSent(SocketMessage message)
    {
        lock (_gate)
        {
            Add(_sent, message);
            foreach (var waiter in _waiters)
            {
                waiter.See(message);
            }

            _waiters.RemoveAll(waiter => waiter.Found.Task.IsCompleted);
        }
    }

    internal void AddReceived(SocketMessage message)
    {
        lock (_gate)
        {
            Add(_received, message);
        }
    }

    internal void AddViolation(string violation)
    {
        lock (_gate)
        {
            Add(_violations, violation);
        }
    }

    internal void AddBytesReceived(int bytes) => Interlocked.Add(ref _bytesReceived, bytes);

    internal void AddAudioSent(int bytes) => Interlocked.Add(ref _audioSent, bytes);

    internal void AddCharacters(int characters) => Interlocked.Add(ref _characters, characters);

    /// <summary>The first close frame counts.</summary>
    internal void SetCloseFrame(int? status, string? reason, bool byClient)
    {
        lock (_gate)
        {
            if (CloseReason is null)
            {
                (CloseStatus, CloseReason, IsClosedByClient) = (status, reason ?? string.Empty, byClient);
            }
        }
    }

    internal void SetClosed(long at)
    {
        ClosedAt = at;
        _closed.TrySetResult();
    }

    private static void Add<T>(Queue<T> queue, T item)
    {
        queue.Enqueue(item);
        if (queue.Count > Most)
        {
            queue.Dequeue();
        }
    }

    private List<T> Copy<T>(Queue<T> queue)
    {
        lock (_gate)
        {
            return [.. queue];
        }
    }

    private sealed class Waiter(string kind, int count)
    {
        private int _left = count;

        public TaskCompletionSource<SocketMessage> Found { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void See(SocketMessage message)
        {
            if (message.Kind == kind && --_left == 0)
            {
                Found.TrySetResult(message);
            }
        }
    }
}
