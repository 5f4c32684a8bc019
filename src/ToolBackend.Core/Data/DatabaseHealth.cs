using Microsoft.Extensions.Options;

namespace ToolBackend.Core.Data;

/// <summary>What the change listener's round trips say about Postgres: once a second, off every caller's path.</summary>
public sealed class DatabaseHealth(IOptions<DatabaseOptions> options)
{
    private readonly TimeSpan _slow = TimeSpan.FromMilliseconds(options.Value.SlowRoundTripMilliseconds);
    private volatile bool _isUp;
    private volatile bool _isSlow;
    private bool _lastWasSlow;

    public bool IsUp => _isUp;

    /// <summary>Reachable, but a transaction of several round trips would not fit into the target.</summary>
    public bool IsSlow => _isSlow;

    /// <summary>One slow round trip may be this process's own pause; two in a row are the database.</summary>
    public void ReportRoundTrip(TimeSpan took)
    {
        var slow = took > _slow;
        _isSlow = slow && _lastWasSlow;
        _lastWasSlow = slow;
        _isUp = true;
    }

    public void ReportLoss()
    {
        _isUp = false;
        _isSlow = false;
    }
}
