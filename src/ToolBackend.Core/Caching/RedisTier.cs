using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Polly;
using Polly.CircuitBreaker;
using StackExchange.Redis;
using ToolBackend.Core.Observability;

namespace ToolBackend.Core.Caching;

/// <summary>
/// The tier that replicas share. Speed only: absent, slow or gone it costs its deadline and then nothing.
/// </summary>
/// <remarks>
/// A value is stored as <c>version(20 digits) 'V' loadedAt(13 digits, ms) json</c>, a grave as <c>xid(20 digits) 'X'</c>. The script compares
/// the digits as text, so that a reader that loaded before a write cannot put the old value over the grave.
/// Reads are awaited under a deadline; writes go through a bounded queue, so no caller waits for them.
/// </remarks>
public sealed partial class RedisTier : BackgroundService
{
    private const int VersionDigits = 20;
    private const int HeaderLength = VersionDigits + 1 + 13;

    /// <summary>Values wait at most this deep; above it the newest is dropped: it will be loaded again.</summary>
    private const int OfferCapacity = 4096;

    /// <summary>Graves outlive every value that a slow reader could still write: the longest load plus a wide margin.</summary>
    private static readonly TimeSpan s_graveLifetime = TimeSpan.FromMinutes(2);

    // A value (V) yields to a newer value and to a grave that it may not include; a grave (X) yields only to a value that includes it.
    private const string PutScript = """
        local current = redis.call('GET', KEYS[1])
        if current then
          local version, kind = string.sub(current, 1, 20), string.sub(current, 21, 21)
          if ARGV[2] == 'V' and (version > ARGV[1] or (kind == 'X' and version == ARGV[1])) then return 0 end
          if ARGV[2] == 'X' and version > ARGV[1] then return 0 end
        end
        redis.call('SET', KEYS[1], ARGV[3], 'PX', ARGV[4])
        return 1
        """;

    private readonly RedisOptions _options;
    private readonly RedisConnection _redis;
    private readonly TimeProvider _time;
    private readonly ILogger<RedisTier> _log;
    private readonly ResiliencePipeline _breaker;
    private readonly CircuitBreakerStateProvider _breakerState = new();
    private readonly Channel<Put> _puts = Channel.CreateBounded<Put>(new BoundedChannelOptions(OfferCapacity) { SingleReader = true, FullMode = BoundedChannelFullMode.DropWrite });
    private long _epoch;

    public RedisTier(RedisConnection redis, IOptions<RedisOptions> options, TimeProvider time, ILogger<RedisTier> log)
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

    /// <summary>Part of every key: raising it abandons all values at once.</summary>
    public long Epoch
    {
        get => Volatile.Read(ref _epoch);
        set => Volatile.Write(ref _epoch, value);
    }

    /// <summary>False when Redis is configured but is not used now. Readiness reports it; nothing waits for it.</summary>
    public bool IsHealthy => !IsConfigured || (_redis.Current is { IsConnected: true } && _breakerState.CircuitState is CircuitState.Closed);

    public bool IsConfigured => _redis.IsConfigured;

    /// <summary>The stored entry, or null: not there, not readable, or Redis did not answer inside the deadline.</summary>
    public async ValueTask<Entry<T>?> GetAsync<T>(CacheKind<T> kind, string key) where T : class
    {
        if (_redis.Current is not { IsConnected: true } connection)
        {
            return null;
        }

        var redisKey = KeyOf(kind.Schema, key);
        RedisValue stored;
        try
        {
            stored = await _breaker.ExecuteAsync(
                static async (state, _) => await state.connection.GetDatabase().StringGetAsync(state.redisKey)
                    .WaitAsync(TimeSpan.FromMilliseconds(state._options.CommandDeadlineMilliseconds), state._time, CancellationToken.None).ConfigureAwait(false),
                (connection, redisKey, _options, _time), CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e) when (IsRedisFault(e))
        {
            CountSkip(e);
            return null;
        }

        return stored.IsNull ? null : Decode(kind, stored!);
    }

    /// <summary>Stores the value unless a newer value or a grave that it may not include is there. Does not wait.</summary>
    public void Offer<T>(CacheKind<T> kind, string key, Entry<T> entry) where T : class
    {
        if (_redis.Current is not { IsConnected: true } || entry.Value is null)
        {
            return;
        }

        Enqueue(new Put(KeyOf(kind.Schema, key), entry.Version, 'V', Encode(kind, entry), kind.FreshInRedis));
    }

    /// <summary>Marks the key as changed by a transaction. Does not wait.</summary>
    public void Bury(string key, long xid)
    {
        if (_redis.Current is { IsConnected: true })
        {
            // Every kind is at schema 1 until one changes; graves then must name it. Guarded by a test.
            Enqueue(new Put(KeyOf(1, key), xid, 'X', Encoding.ASCII.GetBytes(Digits(xid) + "X"), s_graveLifetime));
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!IsConfigured)
        {
            return;
        }

        try
        {
            var connection = await _redis.WhenMadeAsync(stoppingToken).ConfigureAwait(false);
            await foreach (var put in _puts.Reader.ReadAllAsync(stoppingToken).ConfigureAwait(false))
            {
                await SendAsync(connection, put).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops; what is still queued is only a copy.
        }
    }

    private async Task SendAsync(ConnectionMultiplexer connection, Put put)
    {
        try
        {
            await _breaker.ExecuteAsync(
                static async (state, _) => await state.connection.GetDatabase().ScriptEvaluateAsync(
                        PutScript,
                        [state.put.Key],
                        [Digits(state.put.Version), state.put.Kind.ToString(), state.put.Bytes, (long)state.put.Lifetime.TotalMilliseconds])
                    .WaitAsync(TimeSpan.FromMilliseconds(5 * state._options.CommandDeadlineMilliseconds), state._time, CancellationToken.None).ConfigureAwait(false),
                (connection, put, _options, _time), CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e) when (IsRedisFault(e))
        {
            CountSkip(e);
        }
    }

    private void Enqueue(in Put put)
    {
        if (!_puts.Writer.TryWrite(put))
        {
            Telemetry.RedisSkips.Add(1, new KeyValuePair<string, object?>(Telemetry.Tag.Reason, "queue_full"));
        }
    }

    private string KeyOf(int schema, string key) => string.Create(CultureInfo.InvariantCulture, $"{_options.KeyPrefix}:{Epoch}:{schema}:{key}");

    private static string Digits(long version) => version.ToString("D20", CultureInfo.InvariantCulture);

    private static byte[] Encode<T>(CacheKind<T> kind, Entry<T> entry) where T : class
    {
        var header = Digits(entry.Version) + "V" + entry.LoadedAt.ToUnixTimeMilliseconds().ToString("D13", CultureInfo.InvariantCulture);
        return [.. Encoding.ASCII.GetBytes(header), .. JsonSerializer.SerializeToUtf8Bytes(entry.Value!, kind.Json!)];
    }

    private Entry<T>? Decode<T>(CacheKind<T> kind, byte[] stored) where T : class
    {
        if (stored.Length <= HeaderLength || stored[VersionDigits] != 'V')
        {
            return null;
        }

        try
        {
            var version = long.Parse(stored.AsSpan(0, VersionDigits), CultureInfo.InvariantCulture);
            var loadedAt = DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(stored.AsSpan(VersionDigits + 1, 13), CultureInfo.InvariantCulture));
            return JsonSerializer.Deserialize(stored.AsSpan(HeaderLength), kind.Json!) is { } value ? new Entry<T>(value, version, loadedAt) : null;
        }
        catch (Exception e) when (e is JsonException or FormatException or OverflowException or ArgumentOutOfRangeException)
        {
            LogUnreadable(kind.Name);
            return null;
        }
    }

    private static bool IsRedisFault(Exception e) => e is RedisException or TimeoutException or BrokenCircuitException or ObjectDisposedException or InvalidOperationException;

    private static void CountSkip(Exception e) => Telemetry.RedisSkips.Add(1, new KeyValuePair<string, object?>(
        Telemetry.Tag.Reason, e switch { TimeoutException => "deadline", BrokenCircuitException => "breaker", _ => "connection" }));

    private readonly record struct Put(string Key, long Version, char Kind, byte[] Bytes, TimeSpan Lifetime);

    [LoggerMessage(1001, LogLevel.Warning, "Redis does not answer in time: going on without it. Reads come from memory and Postgres; nothing is lost")]
    private partial void LogDegraded();

    [LoggerMessage(1002, LogLevel.Information, "Redis answers again")]
    private partial void LogRecovered();

    [LoggerMessage(1003, LogLevel.Warning, "A cached {Kind} in Redis could not be read and was ignored: another version of this service may write under the same prefix and schema")]
    private partial void LogUnreadable(string kind);
}
