using System.Text.Json;
using System.Text.Json.Serialization;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Polly;
using Polly.CircuitBreaker;
using StackExchange.Redis;
using ToolBackend.Core.Caching;
using ToolBackend.Core.Calls.Events;
using ToolBackend.Core.Observability;

namespace ToolBackend.Core.Calls.Live;

/// <summary>
/// Carries wake-ups and moments between replicas through Redis publish/subscribe. All of it may be lost: changes are in the table, moments are of the moment.
/// </summary>
public sealed partial class LiveRelay : BackgroundService
{
    private const int QueuedMoments = 512;
    private static readonly TimeSpan s_retry = TimeSpan.FromSeconds(1);

    private readonly RedisConnection _redis;
    private readonly TimeProvider _time;
    private readonly ILogger<LiveRelay> _logger;
    private readonly TimeSpan _deadline;
    private readonly RedisChannel _channel;
    private readonly ResiliencePipeline _breaker;
    private readonly string _self = Guid.NewGuid().ToString("N");
    private readonly Channel<bool> _wakes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { SingleReader = true, FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Channel<LiveMoment> _moments = Channel.CreateBounded<LiveMoment>(
        new BoundedChannelOptions(QueuedMoments) { SingleReader = true, FullMode = BoundedChannelFullMode.DropOldest }, static _ => Telemetry.LiveMomentDrops.Add(1));

    private long _newest;
    private Action<long> _committed = static _ => { };
    private Action<LiveMoment> _told = static _ => { };

    public LiveRelay(RedisConnection redis, IOptions<RedisOptions> options, TimeProvider time, ILogger<LiveRelay> logger)
    {
        _redis = redis;
        _time = time;
        _logger = logger;
        _deadline = 5 * TimeSpan.FromMilliseconds(options.Value.CommandDeadlineMilliseconds);
        _channel = new RedisChannel($"{options.Value.KeyPrefix}:calls:live", RedisChannel.PatternMode.Literal);
        _breaker = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions
            {
                FailureRatio = 0.5,
                MinimumThroughput = 4,
                SamplingDuration = TimeSpan.FromSeconds(1),
                BreakDuration = TimeSpan.FromSeconds(options.Value.BreakSeconds),
            })
            .Build();
    }

    /// <summary>Whom to tell what other replicas say. Once, before the start.</summary>
    internal void Listen(Action<long> committed, Action<LiveMoment> told) => (_committed, _told) = (committed, told);

    /// <summary>Only the newest one is sent: it says all that the ones before it say.</summary>
    internal void Announce(long committed)
    {
        Volatile.Write(ref _newest, committed);
        _wakes.Writer.TryWrite(true);
    }

    internal void Send(LiveMoment moment)
    {
        if (_redis.Current is { IsConnected: true })
        {
            _moments.Writer.TryWrite(moment);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!_redis.IsConfigured)
        {
            return;
        }

        try
        {
            var connection = await _redis.WhenMadeAsync(stoppingToken).ConfigureAwait(false);
            await Task.WhenAll(
                SubscribeAsync(connection, stoppingToken),
                SendAllAsync(connection, _wakes.Reader, _ => new LiveNote(_self, Volatile.Read(ref _newest), null), stoppingToken),
                SendAllAsync(connection, _moments.Reader, moment => new LiveNote(_self, null, moment), stoppingToken)).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The other replicas find changes in the table.
        }
    }

    /// <summary>Subscribes once: the client subscribes again by itself whenever its connection comes back.</summary>
    private async Task SubscribeAsync(ConnectionMultiplexer connection, CancellationToken stoppingToken)
    {
        while (true)
        {
            try
            {
                await connection.GetSubscriber().SubscribeAsync(_channel, (_, message) => Receive(message)).WaitAsync(TimeSpan.FromSeconds(2), _time, stoppingToken).ConfigureAwait(false);
                return;
            }
            catch (Exception e) when (e is RedisException or TimeoutException or InvalidOperationException)
            {
                await Task.Delay(s_retry, _time, stoppingToken).ConfigureAwait(false);
            }
        }
    }

    private async Task SendAllAsync<T>(ConnectionMultiplexer connection, ChannelReader<T> queue, Func<T, LiveNote> note, CancellationToken stoppingToken)
    {
        await foreach (var next in queue.ReadAllAsync(stoppingToken).ConfigureAwait(false))
        {
            if (!connection.IsConnected)
            {
                continue;
            }

            try
            {
                await _breaker.ExecuteAsync(
                    static async (state, _) => await state.connection.GetSubscriber().PublishAsync(state._channel, state.json)
                        .WaitAsync(state._deadline, state._time, CancellationToken.None).ConfigureAwait(false),
                    (connection, _channel, json: JsonSerializer.SerializeToUtf8Bytes(note(next), LiveNoteJson.Default.LiveNote), _deadline, _time), stoppingToken).ConfigureAwait(false);
            }
            catch (Exception e) when (e is RedisException or TimeoutException or BrokenCircuitException or ObjectDisposedException or InvalidOperationException)
            {
                Telemetry.RedisSkips.Add(1, new KeyValuePair<string, object?>(Telemetry.Tag.Reason, "publish"));
            }
        }
    }

    private void Receive(byte[]? message)
    {
        try
        {
            if (JsonSerializer.Deserialize(message ?? [], LiveNoteJson.Default.LiveNote) is not { } note || note.From == _self)
            {
                return;
            }

            if (note.Committed is { } committed)
            {
                _committed(committed);
            }

            if (note.Moment is { } moment)
            {
                _told(moment);
            }
        }
        catch (JsonException)
        {
            LogUnreadable();
        }
    }

    [LoggerMessage(1622, LogLevel.Warning, "A message between replicas could not be read and was ignored: something else publishes under the same Redis prefix")]
    private partial void LogUnreadable();
}

/// <param name="From">The replica, which ignores its own.</param>
/// <param name="Committed">Changes up to here are committed.</param>
internal sealed record LiveNote(string From, long? Committed, LiveMoment? Moment);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(LiveNote))]
internal sealed partial class LiveNoteJson : JsonSerializerContext;
