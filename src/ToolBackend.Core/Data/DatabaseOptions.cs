using System.ComponentModel.DataAnnotations;

namespace ToolBackend.Core.Data;

/// <summary>Section <c>Postgres</c>. The connection string itself is <c>ConnectionStrings:Postgres</c>.</summary>
public sealed class DatabaseOptions
{
    /// <summary>Connections per process. Default 40, limit 2 to 500. Keep the sum over replicas under the server's <c>max_connections</c>.</summary>
    [Range(2, 500)]
    public int MaxConnections { get; set; } = 40;

    /// <summary>Operations that may wait for a connection; one more fails at once as busy. Default 256, limit 0 to 10000.</summary>
    [Range(0, 10_000)]
    public int MaxWaiting { get; set; } = 256;

    /// <summary>Milliseconds a read may take in the database. Default 2000, limit 50 to 30000. The caller's own deadline is shorter (see Tools).</summary>
    [Range(50, 30_000)]
    public int ReadTimeoutMilliseconds { get; set; } = 2000;

    /// <summary>Milliseconds a write may take in all, tries included. Default 8000, limit 500 to 60000. It goes on after the caller was answered.</summary>
    [Range(500, 60_000)]
    public int WriteTimeoutMilliseconds { get; set; } = 8000;

    /// <summary>Milliseconds a statement waits for a row lock. Default 900, limit 50 to 10000.</summary>
    [Range(50, 10_000)]
    public int LockTimeoutMilliseconds { get; set; } = 900;

    /// <summary>Milliseconds of round trip above which the database counts as slow and writes are not waited for to the wall. Default 100.</summary>
    [Range(5, 5000)]
    public int SlowRoundTripMilliseconds { get; set; } = 100;
}
