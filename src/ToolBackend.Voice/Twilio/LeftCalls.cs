using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ToolBackend.Core.Caching;
using ToolBackend.Voice.Conversations;

namespace ToolBackend.Voice.Twilio;

/// <summary>A call whose stream has ended so that the caller is connected to somebody.</summary>
/// <param name="Said">The conversation so far.</param>
/// <param name="Document">TwiML that Twilio gets when it asks how the call goes on after that stream; null: it has it already.</param>
internal sealed record LeftCall(IReadOnlyList<HistoryEntry> Said, string? Document);

/// <summary>
/// What is kept of calls that were left, for whichever replica Twilio asks next: here, and in Redis for the others, sealed with the key that they share, since it is what people said. Without Redis, or
/// without a shared key, the replica that had the call still knows. Of each stream of a call there is one: a later one of the same call does not find it.
/// </summary>
/// <param name="key">At least 32 bytes, the same on every replica.</param>
internal sealed class LeftCalls(RedisGate redis, byte[] key, TimeProvider time)
{
    /// <summary>Beyond the ringing: for Twilio to ask, and the next stream to start.</summary>
    private static readonly TimeSpan s_more = TimeSpan.FromMinutes(1);

    /// <summary>More than an hour of talk. A longer conversation stays with its replica.</summary>
    private const int MostBytes = 256 * 1024;

    /// <summary>Bytes of an AES-GCM nonce and tag.</summary>
    private const int Nonce = 12, Tag = 16;

    private readonly ConcurrentDictionary<string, (LeftCall Call, DateTimeOffset Until)> _left = new(StringComparer.Ordinal);
    private readonly byte[] _key = HKDF.DeriveKey(HashAlgorithmName.SHA256, key, 32, info: "left calls"u8.ToArray());

    /// <param name="leg">Of the call's stream that ends, from 1.</param>
    /// <param name="ring">How long the person has to answer.</param>
    public async Task LeaveAsync(string callSid, int leg, LeftCall call, TimeSpan ring)
    {
        var (name, now) = (Name(callSid, leg), time.GetUtcNow());
        foreach (var (old, _) in _left.Where(t => now > t.Value.Until))
        {
            _left.TryRemove(old, out _); // the person has answered, or the caller hung up
        }

        _left[name] = (call, now + ring + s_more);
        if (Seal(name, call) is { } sealedCall)
        {
            await redis.TryAsync((key: redis.Key(name), sealedCall, kept: ring + s_more), static (database, call) => database.StringSetAsync(call.key, call.sealedCall, call.kept), patience: 4).ConfigureAwait(false);
        }
    }

    /// <summary>Twilio has the document already: when it asks how the call goes on, its stream has ended for another reason.</summary>
    public void Dialled(string callSid, int leg)
    {
        if (_left.TryGetValue(Name(callSid, leg), out var left))
        {
            _left.TryUpdate(Name(callSid, leg), (left.Call with { Document = null }, left.Until), left);
        }
    }

    /// <summary>The call as it was left by this stream; null when nobody knows.</summary>
    public async Task<LeftCall?> FindAsync(string callSid, int leg)
    {
        var name = Name(callSid, leg);
        if (_left.TryGetValue(name, out var left))
        {
            return left.Call;
        }

        var (_, stored) = await redis.TryAsync(redis.Key(name), static (database, key) => database.StringGetAsync(key), patience: 4).ConfigureAwait(false);
        return stored.HasValue ? Open(name, stored!) : null;
    }

    private static string Name(string callSid, int leg) => $"left-call:1:{callSid}:{leg}";

    private byte[]? Seal(string name, LeftCall call)
    {
        var plain = JsonSerializer.SerializeToUtf8Bytes(call);
        if (plain.Length > MostBytes)
        {
            return null;
        }

        var bytes = new byte[Nonce + Tag + plain.Length];
        RandomNumberGenerator.Fill(bytes.AsSpan(0, Nonce));
        using var aes = new AesGcm(_key, Tag);
        aes.Encrypt(bytes.AsSpan(0, Nonce), plain, bytes.AsSpan(Nonce + Tag), bytes.AsSpan(Nonce, Tag), Encoding.UTF8.GetBytes(name));
        return bytes;
    }

    /// <summary>Null when it was sealed with another key, or for another call.</summary>
    private LeftCall? Open(string name, byte[] bytes)
    {
        if (bytes.Length <= Nonce + Tag)
        {
            return null;
        }

        try
        {
            var plain = new byte[bytes.Length - Nonce - Tag];
            using var aes = new AesGcm(_key, Tag);
            aes.Decrypt(bytes.AsSpan(0, Nonce), bytes.AsSpan(Nonce + Tag), bytes.AsSpan(Nonce, Tag), plain, Encoding.UTF8.GetBytes(name));
            return JsonSerializer.Deserialize<LeftCall>(plain);
        }
        catch (Exception e) when (e is CryptographicException or JsonException)
        {
            return null; // a replica of another version, or with another key
        }
    }
}
