using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace ToolBackend.Vapi.Webhooks;

/// <summary>One HMAC key with a small pool of keyed hashes: keying one costs more than signing a short message.</summary>
internal sealed class HmacKey : IDisposable
{
    private const int PoolLimit = 32;
    private const string Base64KeyPrefix = "whsec_";

    private readonly byte[] key;
    private readonly HashAlgorithmName algorithm;
    private readonly ConcurrentQueue<IncrementalHash> idle = new();

    public HmacKey(string keyId, byte[] key, WebhookHmacAlgorithm algorithm)
    {
        KeyId = keyId;
        this.key = key;
        this.algorithm = algorithm switch
        {
            WebhookHmacAlgorithm.Sha512 => HashAlgorithmName.SHA512,
            WebhookHmacAlgorithm.Sha1 => HashAlgorithmName.SHA1,
            _ => HashAlgorithmName.SHA256,
        };
    }

    /// <summary>Largest output of the supported hashes, in bytes.</summary>
    public const int MaxHashBytes = 64;

    /// <summary>"current" or "previous"; may be logged.</summary>
    public string KeyId { get; }

    public static int HashBytes(WebhookHmacAlgorithm algorithm) => algorithm switch
    {
        WebhookHmacAlgorithm.Sha512 => 64,
        WebhookHmacAlgorithm.Sha1 => 20,
        _ => 32,
    };

    /// <summary>The key's bytes, or null when it should be base64 and is not.</summary>
    public static byte[]? Decode(string secret, bool isBase64)
    {
        if (!isBase64)
        {
            return Encoding.UTF8.GetBytes(secret);
        }

        var text = secret.StartsWith(Base64KeyPrefix, StringComparison.Ordinal) ? secret[Base64KeyPrefix.Length..] : secret;
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var written) ? bytes[..written] : null;
    }

    /// <summary>Writes the HMAC of one message and returns its length.</summary>
    public int Sign(PayloadTemplate template, in SignedParts parts, Span<byte> destination)
    {
        if (!idle.TryDequeue(out var hash))
        {
            hash = IncrementalHash.CreateHMAC(algorithm, key);
        }

        // A hash that failed half-way is not returned to the pool: its state would leak into the next message.
        template.AppendTo(hash, parts);
        var written = hash.GetHashAndReset(destination);
        if (idle.Count < PoolLimit)
        {
            idle.Enqueue(hash);
        }
        else
        {
            hash.Dispose();
        }

        return written;
    }

    public void Dispose()
    {
        while (idle.TryDequeue(out var hash))
        {
            hash.Dispose();
        }
    }
}
