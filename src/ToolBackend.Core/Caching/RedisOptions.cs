using System.ComponentModel.DataAnnotations;

namespace ToolBackend.Core.Caching;

/// <summary>Section <c>Redis</c>. The endpoint itself is <c>ConnectionStrings:Redis</c>; empty means no Redis.</summary>
public sealed class RedisOptions
{
    /// <summary>Milliseconds a command may take before the request goes on without Redis. Default 20, limit 5 to 1000.</summary>
    [Range(5, 1000)]
    public int CommandDeadlineMilliseconds { get; set; } = 20;

    /// <summary>Seconds without Redis after it failed, before one command tries again. Default 1, limit 1 to 60.</summary>
    [Range(1, 60)]
    public int BreakSeconds { get; set; } = 1;

    /// <summary>Prefix of every key, so that several installations may share one server. Default <c>toolbackend</c>.</summary>
    [Required, RegularExpression("^[a-z0-9-]{1,40}$")]
    public string KeyPrefix { get; set; } = "toolbackend";
}
