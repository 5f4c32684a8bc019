using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ToolBackend.Voice.Twilio;

/// <summary>Why a token opened no stream.</summary>
public enum TokenVerdict
{
    Accepted,
    Malformed,

    /// <summary>Not ours, or minted for another call.</summary>
    Forged,
    Expired,
    Used,
}

/// <summary>
/// One-time tokens that tie a media stream to the webhook of its call: a socket's address is public, and Twilio signs nothing that comes after the upgrade. A token is
/// <c>expiry.nonce.HMAC</c>, so any replica with the same key can check it; that it was not used is known where the stream arrives.
/// </summary>
/// <param name="key">At least 32 bytes, the same on every replica.</param>
public sealed class StreamTokens(byte[] key, TimeProvider time)
{
    /// <summary>From the webhook's answer to <c>start</c>.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, long> _used = new(StringComparer.Ordinal);

    public string Mint(string callSid)
    {
        var head = $"{(time.GetUtcNow() + Lifetime).ToUnixTimeMilliseconds()}.{RandomNumberGenerator.GetHexString(32, lowercase: true)}";
        return $"{head}.{Seal(head, callSid)}";
    }

    /// <summary>Accepts a token once.</summary>
    public TokenVerdict Redeem(string? token, string callSid)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        Forget(now);
        if (token is not { Length: > 0 and <= 200 } || token.LastIndexOf('.') is not (> 0 and var at) || token.IndexOf('.', StringComparison.Ordinal) is var dot && dot >= at
            || !long.TryParse(token.AsSpan(0, dot), NumberStyles.None, CultureInfo.InvariantCulture, out var expiry))
        {
            return TokenVerdict.Malformed;
        }

        var seal = Encoding.ASCII.GetBytes(token[(at + 1)..]);
        if (!CryptographicOperations.FixedTimeEquals(seal, Encoding.ASCII.GetBytes(Seal(token[..at], callSid))))
        {
            return TokenVerdict.Forged;
        }

        if (expiry < now)
        {
            return TokenVerdict.Expired;
        }

        return _used.TryAdd(token, expiry) ? TokenVerdict.Accepted : TokenVerdict.Used;
    }

    private string Seal(string head, string callSid) => Base64Url.EncodeToString(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{head}.{callSid}")));

    private void Forget(long now)
    {
        foreach (var (token, expiry) in _used)
        {
            if (expiry < now)
            {
                _used.TryRemove(token, out _);
            }
        }
    }
}
