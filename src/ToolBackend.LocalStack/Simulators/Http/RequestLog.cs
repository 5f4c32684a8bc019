namespace ToolBackend.LocalStack.Simulators.Http;

/// <summary>One request that reached a simulator.</summary>
/// <param name="Target">Path and query.</param>
/// <param name="Body">As text; empty when there was none.</param>
/// <param name="Status">Of the answer; 0 when the connection was cut instead.</param>
public sealed record SimulatedRequest(string Method, string Target, string Body, int Status, DateTimeOffset At)
{
    /// <summary>Anything but a GET.</summary>
    public bool IsWrite => Method != "GET";
}

/// <summary>What a simulator was asked, oldest first, the last 10,000.</summary>
public sealed class RequestLog
{
    private const int Most = 10_000;

    private readonly Lock _gate = new();
    private readonly Queue<SimulatedRequest> _requests = new();

    public IReadOnlyList<SimulatedRequest> All
    {
        get
        {
            lock (_gate)
            {
                return [.. _requests];
            }
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            _requests.Clear();
        }
    }

    internal void Add(SimulatedRequest request)
    {
        lock (_gate)
        {
            _requests.Enqueue(request);
            if (_requests.Count > Most)
            {
                _requests.Dequeue();
            }
        }
    }
}
