using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ToolBackend.LocalStack.Simulators.Vapi.Calls;

/// <summary>How a message proves where it comes from.</summary>
public abstract record WebhookCredential
{
    public static WebhookCredential None { get; } = new NoCredential();

    /// <summary><c>X-Vapi-Secret: secret</c>.</summary>
    public static WebhookCredential VapiSecret(string secret) => new BearerCredential(secret, "X-Vapi-Secret", Prefixed: false);

    /// <summary><c>Authorization: Bearer token</c>.</summary>
    public static WebhookCredential Bearer(string token) => new BearerCredential(token);

    /// <summary>HMAC in the form of Standard Webhooks 1.0, with a key of the form <c>whsec_…</c> or plain base64.</summary>
    public static WebhookCredential StandardWebhooks(string key) => new HmacCredential(key)
    {
        SignatureHeader = "webhook-signature",
        TimestampHeader = "webhook-timestamp",
        MessageIdHeader = "webhook-id",
        PayloadFormat = "{svix-id}.{timestamp}.{body}",
        SignaturePrefix = "v1,",
        SignatureEncoding = "base64",
        SecretIsBase64 = true,
    };

    internal abstract IEnumerable<(string Name, string Value)> Headers(byte[] body, DateTimeOffset now, string messageId, Uri url);

    private sealed record NoCredential : WebhookCredential
    {
        internal override IEnumerable<(string Name, string Value)> Headers(byte[] body, DateTimeOffset now, string messageId, Uri url) => [];
    }
}

/// <summary><c>authenticationPlan</c> of type <c>bearer</c>.</summary>
public sealed record BearerCredential(string Token, string HeaderName = "Authorization", bool Prefixed = true) : WebhookCredential
{
    internal override IEnumerable<(string Name, string Value)> Headers(byte[] body, DateTimeOffset now, string messageId, Uri url) =>
        [(HeaderName, Prefixed ? "Bearer " + Token : Token)];

    public override string ToString() => $"bearer in {HeaderName}";
}

/// <summary><c>authenticationPlan</c> of type <c>hmac</c>, field for field.</summary>
public sealed record HmacCredential(string SecretKey) : WebhookCredential
{
    /// <summary>sha256, sha512 or sha1.</summary>
    public string Algorithm { get; init; } = "sha256";

    public string SignatureHeader { get; init; } = "x-signature";

    public string TimestampHeader { get; init; } = "x-timestamp";

    public bool IncludeTimestamp { get; init; } = true;

    public string PayloadFormat { get; init; } = "{timestamp}.{body}";

    public string SignaturePrefix { get; init; } = string.Empty;

    public string? MessageIdHeader { get; init; }

    /// <summary>hex or base64.</summary>
    public string SignatureEncoding { get; init; } = "hex";

    public bool SecretIsBase64 { get; init; }

    /// <summary>Vapi does not say which it is. Default false: seconds.</summary>
    public bool TimestampInMilliseconds { get; init; }

    public override string ToString() => $"hmac {Algorithm} in {SignatureHeader}";

    internal override IEnumerable<(string Name, string Value)> Headers(byte[] body, DateTimeOffset now, string messageId, Uri url)
    {
        var timestamp = (TimestampInMilliseconds ? now.ToUnixTimeMilliseconds() : now.ToUnixTimeSeconds()).ToString(CultureInfo.InvariantCulture);
        var format = IncludeTimestamp ? PayloadFormat : PayloadFormat.Replace("{timestamp}.", string.Empty, StringComparison.Ordinal);
        // The body may hold a placeholder's name: it is put in last, between the parts before and after it.
        var parts = format.Split("{body}");
        var hash = Hash([.. parts.SelectMany((part, i) => i == 0 ? Bytes(part) : [.. body, .. Bytes(part)])]);
        yield return (SignatureHeader, SignaturePrefix + (SignatureEncoding == "base64" ? Convert.ToBase64String(hash) : Convert.ToHexStringLower(hash)));
        if (IncludeTimestamp)
        {
            yield return (TimestampHeader, timestamp);
        }

        if (MessageIdHeader is not null)
        {
            yield return (MessageIdHeader, messageId);
        }

        byte[] Bytes(string part) => Encoding.UTF8.GetBytes(part
            .Replace("{timestamp}", timestamp, StringComparison.Ordinal)
            .Replace("{svix-id}", messageId, StringComparison.Ordinal)
            .Replace("{method}", "POST", StringComparison.Ordinal)
            .Replace("{url}", url.ToString(), StringComparison.Ordinal));
    }

    private byte[] Hash(byte[] signed)
    {
        var secret = SecretKey.StartsWith("whsec_", StringComparison.Ordinal) && SecretIsBase64 ? SecretKey["whsec_".Length..] : SecretKey;
        var key = SecretIsBase64 ? Convert.FromBase64String(secret) : Encoding.UTF8.GetBytes(secret);
        return Algorithm switch
        {
            "sha512" => HMACSHA512.HashData(key, signed),
            "sha1" => HmacSha1(key, signed),
            _ => HMACSHA256.HashData(key, signed),
        };
    }

    [System.Diagnostics.CodeAnalysis.SuppressMessage("Security", "CA5350:Do Not Use Weak Cryptographic Algorithms", Justification = "Vapi offers sha1; receivers must be tried with it.")]
    private static byte[] HmacSha1(byte[] key, byte[] signed) => HMACSHA1.HashData(key, signed);
}
