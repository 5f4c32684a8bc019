using System.ComponentModel.DataAnnotations;

namespace ToolBackend.Core.Tools;

/// <summary>Section <c>Tools</c>.</summary>
public sealed class ToolOptions
{
    /// <summary>Milliseconds a read may take before a sentence is said instead. Default 180, limit 20 to 15000.</summary>
    [Range(20, 15_000)]
    public int ReadDeadlineMilliseconds { get; set; } = 180;

    /// <summary>Milliseconds a write is waited for; its work goes on behind. Default 1500, limit 100 to 15000.</summary>
    [Range(100, 15_000)]
    public int WallMilliseconds { get; set; } = 1500;

    /// <summary>The wall while the database is slow: nobody listens to silence for what will not come in time. Default 180, limit 20 to 15000.</summary>
    [Range(20, 15_000)]
    public int WallWhenSlowMilliseconds { get; set; } = 180;

    /// <summary>Writes under way at once, waited for or not; one more is refused as busy. Default 256, limit 1 to 10000.</summary>
    [Range(1, 10_000)]
    public int MaxWritesUnderWay { get; set; } = 256;
}
