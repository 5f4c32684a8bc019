using System.Security.Cryptography;
using System.Text;
using StackExchange.Redis;
using ToolBackend.Core.Caching;

namespace ToolBackend.Voice.Twilio;

/// <summary>
/// Stream tokens that were used, for all replicas: the first that names one in Redis has it. While Redis is away each replica knows its own only (<see cref="StreamTokens"/>): whoever has seen a token could
/// then use it once more at another replica within its 30 s, but only for the same call and with the same parameters.
/// </summary>
internal sealed class UsedTokens(RedisGate redis)
{
    /// <summary>Beyond the token's own life, for clocks that differ.</summary>
    private static readonly TimeSpan s_kept = StreamTokens.Lifetime + TimeSpan.FromSeconds(30);

    /// <summary>False when it was used before. Waits for no more than one command's deadline.</summary>
    public async ValueTask<bool> TryUseAsync(string token)
    {
        var key = redis.Key("stream-token:1:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token))));
        var (answered, isFirst) = await redis.TryAsync(key, static (database, key) => database.StringSetAsync(key, "used", s_kept, When.NotExists)).ConfigureAwait(false);
        return isFirst || !answered;
    }
}
