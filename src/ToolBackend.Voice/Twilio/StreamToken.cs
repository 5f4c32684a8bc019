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
/// <c>expiry.nonce.HMAC</c>, and the HMAC is over the call and the stream's parameters too: any replica with the same key can check it and believe what the parameters say. That it was used is
/// known here to this replica; to all of them by <see cref="UsedTokens"/>.
/// </summary>
/// <param name="key">At least 32 bytes, the same on every replica.</param>
public sealed class StreamTokens(byte[] key, TimeProvider time)
{
    /// <summary>From the webhook's answer to <c>start</c>.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(30);

    /// <summary>The stream's parameter that holds it.</summary>
    public const string Parameter = "token";

    private readonly ConcurrentDictionary<string, long> _used = new(StringComparer.Ordinal);

    /// <param name="parameters">All that the stream is given beside the token.</param>
    public string Mint(string callSid, IEnumerable<KeyValuePair<string, string>> parameters)
    {
        var head = $"{(time.GetUtcNow() + Lifetime).ToUnixTimeMilliseconds()}.{RandomNumberGenerator.GetHexString(32, lowercase: true)}";
        return $"{head}.{Seal(head, callSid, parameters)}";
    }

    /// <summary>Accepts a token once.</summary>
    /// <param name="parameters">As the stream has them; the token's own is passed over.</param>
    public TokenVerdict Redeem(string? token, string callSid, IEnumerable<KeyValuePair<string, string>> parameters)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        Forget(now);
        if (token is not { Length: > 0 and <= 200 } || token.LastIndexOf('.') is not (> 0 and var at) || token.IndexOf('.', StringComparison.Ordinal) is var dot && dot >= at
            || !long.TryParse(token.AsSpan(0, dot), NumberStyles.None, CultureInfo.InvariantCulture, out var expiry))
        {
            return TokenVerdict.Malformed;
        }

        var seal = Encoding.ASCII.GetBytes(token[(at + 1)..]);
        if (!CryptographicOperations.FixedTimeEquals(seal, Encoding.ASCII.GetBytes(Seal(token[..at], callSid, parameters))))
        {
            return TokenVerdict.Forged;
        }

        if (expiry < now)
        {
            return TokenVerdict.Expired;
        }

        return _used.TryAdd(token, expiry) ? TokenVerdict.Accepted : TokenVerdict.Used;
    }

    private string Seal(string head, string callSid, IEnumerable<KeyValuePair<string, string>> parameters)
    {
        // Each text with its length before it: no two sets of parameters are the same bytes. An empty parameter is none.
        var text = new StringBuilder(head).Append('.').Append(callSid.Length).Append(':').Append(callSid);
        foreach (var (name, value) in parameters.Where(p => p is { Key: not Parameter, Value.Length: > 0 }).OrderBy(p => p.Key, StringComparer.Ordinal))
        {
            text.Append(name.Length).Append(':').Append(name).Append(value.Length).Append(':').Append(value);
        }

        return Base64Url.EncodeToString(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text.ToString())));
    }

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
