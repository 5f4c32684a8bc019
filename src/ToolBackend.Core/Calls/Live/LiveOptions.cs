using System.ComponentModel.DataAnnotations;

namespace ToolBackend.Core.Calls.Live;

/// <summary>Section <c>Calls:Live</c>: the stream of changes.</summary>
public sealed class LiveOptions
{
    /// <summary>Streams of one process at once; one more is refused. Default 100, limit 1 to 10000.</summary>
    [Range(1, 10_000)]
    public int MaxSubscribers { get; set; } = 100;

    /// <summary>Milliseconds between looks at the table while somebody watches: the longest delay without Redis. Default 1000, limit 50 to 60000.</summary>
    [Range(50, 60_000)]
    public int PollMilliseconds { get; set; } = 1000;

    /// <summary>Seconds between signs of life on a stream. Default 15, limit 1 to 300; proxies close what is silent for longer than their own limit.</summary>
    [Range(1, 300)]
    public int HeartbeatSeconds { get; set; } = 15;
}
