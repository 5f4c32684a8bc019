using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Polly;
using Polly.CircuitBreaker;
using StackExchange.Redis;
using ToolBackend.Core.Observability;

namespace ToolBackend.Core.Caching;

/// <summary>
/// Commands to Redis, each under a deadline and all behind one breaker of the process: absent, slow or gone it costs a few deadlines and then nothing. Never throws for what Redis does.
/// </summary>
public sealed partial class RedisGate
{
    private readonly RedisConnection _redis;
    private readonly RedisOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<RedisGate> _log;
    private readonly ResiliencePipeline _breaker;
    private readonly CircuitBreakerStateProvider _breakerState = new();

    public RedisGate(RedisConnection redis, IOptions<RedisOptions> options, TimeProvider time, ILogger<RedisGate> log)
    {
        _redis = redis;
        _options = options.Value;
        _time = time;
        _log = log;
        _breaker = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions
            {
                FailureRatio = 0.5,
                MinimumThroughput = 4,
                SamplingDuration = TimeSpan.FromSeconds(1),
                BreakDuration = TimeSpan.FromSeconds(_options.BreakSeconds),
                StateProvider = _breakerState,
                OnOpened = _ => { LogDegraded(); return default; },
                OnClosed = _ => { LogRecovered(); return default; },
            })
            .Build();
    }

    /// <summary>False when Redis is configured but is not used now. Readiness reports it; nothing waits for it.</summary>
    public bool IsHealthy => !IsConfigured || (IsConnected && _breakerState.CircuitState is CircuitState.Closed);

    public bool IsConfigured => _redis.IsConfigured;

    public bool IsConnected => _redis.Current is { IsConnected: true };

    /// <summary>A key of this installation.</summary>
    /// <param name="name">What kind of value, its schema, and which one.</param>
    public string Key(string name) => $"{_options.KeyPrefix}:{name}";

    /// <summary>One command and its answer; not answered when Redis is not there, not in time, or was not asked because it has failed just before.</summary>
    /// <param name="state">For the command.</param>
    /// <param name="patience">Times the deadline of a small command (<c>Redis:CommandDeadlineMilliseconds</c>): for large values, or where nobody waits. A command that is too late may still be carried out.</param>
    public async ValueTask<(bool Answered, T? Value)> TryAsync<TState, T>(TState state, Func<IDatabase, TState, Task<T>> command, int patience = 1)
    {
        if (_redis.Current is not { IsConnected: true } connection)
        {
            return default;
        }

        try
        {
            var value = await _breaker.ExecuteAsync(
                static async (call, _) => await call.command(call.connection.GetDatabase(), call.state).WaitAsync(call.deadline, call._time, CancellationToken.None).ConfigureAwait(false),
                (connection, state, command, deadline: TimeSpan.FromMilliseconds((double)patience * _options.CommandDeadlineMilliseconds), _time),
                CancellationToken.None).ConfigureAwait(false);
            return (true, value);
        }
        catch (Exception e) when (e is RedisException or TimeoutException or BrokenCircuitException or ObjectDisposedException or InvalidOperationException)
        {
            Telemetry.RedisSkips.Add(1, new KeyValuePair<string, object?>(
                Telemetry.Tag.Reason, e switch { TimeoutException => "deadline", BrokenCircuitException => "breaker", _ => "connection" }));
            return default;
        }
    }

    [LoggerMessage(1001, LogLevel.Warning, "Redis does not answer in time: going on without it. Reads come from memory and Postgres; nothing is lost")]
    private partial void LogDegraded();

    [LoggerMessage(1002, LogLevel.Information, "Redis answers again")]
    private partial void LogRecovered();
}
