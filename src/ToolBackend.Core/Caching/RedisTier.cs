using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StackExchange.Redis;
using ToolBackend.Core.Observability;

namespace ToolBackend.Core.Caching;

/// <summary>
/// The tier that replicas share. Speed only: absent, slow or gone it costs its deadline and then nothing.
/// </summary>
/// <remarks>
/// A value is stored as <c>version(20 digits) 'V' loadedAt(13 digits, ms) json</c>, a grave as <c>xid(20 digits) 'X'</c>. The script compares
/// the digits as text, so that a reader that loaded before a write cannot put the old value over the grave.
/// Reads are awaited under a deadline (<see cref="RedisGate"/>); writes go through a bounded queue, so no caller waits for them.
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
    private readonly RedisGate _redis;
    private readonly ILogger<RedisTier> _log;
    private readonly Channel<Put> _puts = Channel.CreateBounded<Put>(new BoundedChannelOptions(OfferCapacity) { SingleReader = true, FullMode = BoundedChannelFullMode.DropWrite });
    private long _epoch;

    public RedisTier(RedisGate redis, IOptions<RedisOptions> options, ILogger<RedisTier> log)
    {
        _redis = redis;
        _options = options.Value;
        _log = log;
    }

    /// <summary>Part of every key: raising it abandons all values at once.</summary>
    public long Epoch
    {
        get => Volatile.Read(ref _epoch);
        set => Volatile.Write(ref _epoch, value);
    }

    /// <summary>The stored entry, or null: not there, not readable, or Redis did not answer inside the deadline.</summary>
    public async ValueTask<Entry<T>?> GetAsync<T>(CacheKind<T> kind, string key) where T : class
    {
        var (_, stored) = await _redis.TryAsync(KeyOf(kind.Schema, key), static (database, redisKey) => database.StringGetAsync(redisKey)).ConfigureAwait(false);
        return stored.IsNull ? null : Decode(kind, stored!);
    }

    /// <summary>Stores the value unless a newer value or a grave that it may not include is there. Does not wait.</summary>
    public void Offer<T>(CacheKind<T> kind, string key, Entry<T> entry) where T : class
    {
        if (!_redis.IsConnected || entry.Value is null)
        {
            return;
        }

        Enqueue(new Put(KeyOf(kind.Schema, key), entry.Version, 'V', Encode(kind, entry), kind.FreshInRedis));
    }

    /// <summary>Marks the key as changed by a transaction. Does not wait.</summary>
    public void Bury(string key, long xid)
    {
        if (_redis.IsConnected)
        {
            // Every kind is at schema 1 until one changes; graves then must name it. Guarded by a test.
            Enqueue(new Put(KeyOf(1, key), xid, 'X', Encoding.ASCII.GetBytes(Digits(xid) + "X"), s_graveLifetime));
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
            await foreach (var put in _puts.Reader.ReadAllAsync(stoppingToken).ConfigureAwait(false))
            {
                await SendAsync(put).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops; what is still queued is only a copy.
        }
    }

    private async Task SendAsync(Put put) => await _redis.TryAsync(
        put,
        static (database, put) => database.ScriptEvaluateAsync(PutScript, [put.Key], [Digits(put.Version), put.Kind.ToString(), put.Bytes, (long)put.Lifetime.TotalMilliseconds]),
        patience: 5).ConfigureAwait(false);

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

    private readonly record struct Put(string Key, long Version, char Kind, byte[] Bytes, TimeSpan Lifetime);

    [LoggerMessage(1003, LogLevel.Warning, "A cached {Kind} in Redis could not be read and was ignored: another version of this service may write under the same prefix and schema")]
    private partial void LogUnreadable(string kind);
}
