using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using StackExchange.Redis;
using ToolBackend.Core.Caching;

namespace ToolBackend.Core.Resilience.Health;

/// <summary>What replicas tell each other of a provider. Without times of a clock: theirs may differ.</summary>
public sealed record SharedStanding(
    [property: JsonPropertyName("version")] long Version,
    [property: JsonPropertyName("phase")] HealthPhase Phase,
    [property: JsonPropertyName("cause")] HealthCause? Cause,
    [property: JsonPropertyName("coolOffMs")] long CoolOffMilliseconds,
    [property: JsonPropertyName("permanent")] bool IsPermanent,
    [property: JsonPropertyName("config")] string Fingerprint);

/// <summary>
/// Providers' health in Redis: a hash of one JSON text per provider. Only a newer version replaces another. Nobody waits for it, and without it each replica finds out by itself.
/// </summary>
public sealed class SharedHealth(RedisGate redis)
{
    private const string Name = "provider-health:v1";

    /// <summary>A hash that nobody renews is of replicas that are gone.</summary>
    private static readonly string s_lifetime = TimeSpan.FromMinutes(15).TotalSeconds.ToString(CultureInfo.InvariantCulture);

    private const string PutScript = """
        local kept = redis.call('HGET', KEYS[1], ARGV[1])
        if kept and tonumber(cjson.decode(kept).version) >= tonumber(ARGV[3]) then return 0 end
        redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
        redis.call('EXPIRE', KEYS[1], ARGV[4])
        return 1
        """;

    /// <summary>Everything that is shared; null when Redis does not answer.</summary>
    public async Task<IReadOnlyDictionary<string, SharedStanding>?> ReadAsync()
    {
        var (answered, entries) = await redis.TryAsync(redis.Key(Name), static (db, key) => db.HashGetAllAsync(key), patience: 10);
        if (!answered || entries is null)
        {
            return null;
        }

        var standings = new Dictionary<string, SharedStanding>(StringComparer.Ordinal);
        foreach (var entry in entries)
        {
            if (Parse(entry.Value.ToString()) is { } standing)
            {
                standings[entry.Name.ToString()] = standing;
            }
        }

        return standings;
    }

    /// <summary>False: a standing at least as new is there, or Redis does not answer.</summary>
    public async Task<bool> PutAsync(string provider, SharedStanding standing)
    {
        var (_, put) = await redis.TryAsync(
            (Key: redis.Key(Name), provider, standing),
            static async (db, call) => (int)await db.ScriptEvaluateAsync(
                PutScript,
                [(RedisKey)call.Key],
                [call.provider, JsonSerializer.Serialize(call.standing), call.standing.Version, s_lifetime]),
            patience: 10);
        return put == 1;
    }

    /// <summary>Null for what a later version of this program wrote.</summary>
    private static SharedStanding? Parse(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<SharedStanding>(text) is { } standing && Enum.IsDefined(standing.Phase) ? standing : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
