using Microsoft.Extensions.Hosting;
using StackExchange.Redis;

namespace ToolBackend.Core.Caching;

/// <summary>
/// The one connection to Redis that a process has. It is made at the start, also while Redis is away, and comes back by itself. Who uses it brings their own
/// deadline and breaker: an asynchronous command of this client never times out by itself.
/// </summary>
/// <param name="endpoint"><c>host:port</c>; null or empty means no Redis.</param>
public sealed class RedisConnection(string? endpoint) : BackgroundService
{
    private readonly TaskCompletionSource<ConnectionMultiplexer> _made = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile ConnectionMultiplexer? _current;

    public bool IsConfigured => !string.IsNullOrWhiteSpace(endpoint);

    /// <summary>Null before it is made, without Redis and when the host stops. Look at <see cref="ConnectionMultiplexer.IsConnected"/> before use.</summary>
    public ConnectionMultiplexer? Current => _current;

    /// <summary>Completes when it is made, connected or not; never without Redis.</summary>
    public Task<ConnectionMultiplexer> WhenMadeAsync(CancellationToken cancellation) => _made.Task.WaitAsync(cancellation);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!IsConfigured)
        {
            return;
        }

        var configuration = ConfigurationOptions.Parse(endpoint);
        configuration.AbortOnConnectFail = false; // start without Redis; the client goes on trying in the background
        configuration.ConnectTimeout = 1000;
        configuration.SyncTimeout = 1000;
        configuration.KeepAlive = 5;
        configuration.ConnectRetry = 1;
        configuration.ClientName = "toolbackend";
        using var connection = await ConnectionMultiplexer.ConnectAsync(configuration).ConfigureAwait(false);
        _current = connection;
        _made.TrySetResult(connection);
        await Task.Delay(Timeout.InfiniteTimeSpan, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _current = null;
    }
}
