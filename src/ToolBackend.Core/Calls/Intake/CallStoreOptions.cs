using System.ComponentModel.DataAnnotations;

namespace ToolBackend.Core.Calls.Intake;

/// <summary>Section <c>Calls:Store</c>.</summary>
public sealed class CallStoreOptions
{
    /// <summary>Milliseconds until an event that is not committed is refused (503), for the sender to try again. Default 2000, limit 100 to 15000.</summary>
    [Range(100, 15_000)]
    public int DeadlineMilliseconds { get; set; } = 2000;

    /// <summary>Events that may wait for their commit; one more is refused at once. Default 4096, limit 16 to 100000.</summary>
    [Range(16, 100_000)]
    public int MaxWaiting { get; set; } = 4096;

    /// <summary>Bytes of events that may wait; above it one more is refused at once. Default 64 MiB, limit 1 MiB to 1 GiB.</summary>
    [Range(1 << 20, 1 << 30)]
    public int MaxWaitingBytes { get; set; } = 64 << 20;

    /// <summary>Commits under way at once. Default 2, limit 1 to 8. While one is under way, events gather for the next: a group shares one commit.</summary>
    [Range(1, 8)]
    public int Writers { get; set; } = 2;
}
