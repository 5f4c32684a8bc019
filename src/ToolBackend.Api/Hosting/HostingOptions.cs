using System.ComponentModel.DataAnnotations;

namespace ToolBackend.Api.Hosting;

/// <summary>Section <c>Host</c>.</summary>
public sealed class HostingOptions
{
    /// <summary>Requests under way at once; one more gets 503 at once. Default 512, limit 1 to 100000.</summary>
    [Range(1, 100_000)]
    public int MaxConcurrentRequests { get; set; } = 512;

    /// <summary>Seconds between "not ready" and the end of accepting, so that load balancers look away first. Default 10, limit 0 to 300.</summary>
    [Range(0, 300)]
    public int ReadinessGraceSeconds { get; set; } = 10;

    /// <summary>Seconds that requests and writes under way get to end. Default 20, limit 1 to 300.</summary>
    [Range(1, 300)]
    public int MaxDrainSeconds { get; set; } = 20;
}
