using System.Globalization;

namespace ToolBackend.Vapi.Webhooks;

/// <summary>
/// The sending side of every scheme that <see cref="WebhookAuthenticator"/> accepts: what Vapi does. Used by simulators, the demo,
/// the load driver and tests. Signs with the current secrets.
/// </summary>
public sealed class WebhookSigner : IDisposable
{
    private readonly WebhookAuthenticationOptions options;
    private readonly WebhookHmacOptions settings;
    private readonly PayloadTemplate template;
    private readonly HmacKey? key;

    public WebhookSigner(WebhookAuthenticationOptions options)
    {
        this.options = options;
        settings = options.Hmac.Resolve();
        template = new PayloadTemplate(settings);
        key = string.IsNullOrEmpty(settings.Secret)
            ? null
            : new HmacKey("current", HmacKey.Decode(settings.Secret, settings.SecretIsBase64) ?? throw new ArgumentException("The HMAC secret is not base64.", nameof(options)), settings.Algorithm);
    }

    /// <summary>Headers of the strongest configured scheme: HMAC, else the shared secret, else none.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers(ReadOnlySpan<byte> body, DateTimeOffset sentAt, string? messageId = null, string method = "POST", string url = "") =>
        key is not null ? HmacHeaders(body, sentAt, messageId, method, url)
        : string.IsNullOrEmpty(options.Secret) ? []
        : VapiSecretHeaders();

    /// <summary><c>X-Vapi-Secret: secret</c>, as with <c>server.secret</c>.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> VapiSecretHeaders() => [new(WebhookAuthenticationOptions.VapiSecretHeader, Secret)];

    /// <summary><c>Authorization: Bearer secret</c>, or the configured header; the prefix can be left out as in Vapi's credential.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> BearerHeaders(bool withPrefix = true) => [new(options.HeaderName, withPrefix ? "Bearer " + Secret : Secret)];

    /// <summary>Signature, time and id headers of the HMAC scheme. The time is written in seconds unless <paramref name="milliseconds"/>.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> HmacHeaders(
        ReadOnlySpan<byte> body, DateTimeOffset sentAt, string? messageId = null, string method = "POST", string url = "", bool milliseconds = false)
    {
        if (key is null)
        {
            throw new InvalidOperationException("No HMAC secret is configured.");
        }

        var headers = new List<KeyValuePair<string, string>>(3);
        var id = messageId ?? string.Empty;
        if (settings.MessageIdHeader is { Length: > 0 } idHeader)
        {
            id = messageId ?? "msg_" + Guid.CreateVersion7(sentAt).ToString("N");
            headers.Add(new(idHeader, id));
        }

        var timestamp = (milliseconds ? sentAt.ToUnixTimeMilliseconds() : sentAt.ToUnixTimeSeconds()).ToString(CultureInfo.InvariantCulture);
        if (settings.IncludeTimestamp)
        {
            headers.Add(new(settings.TimestampHeader, timestamp));
        }

        Span<byte> hash = stackalloc byte[HmacKey.MaxHashBytes];
        hash = hash[..key.Sign(template, new SignedParts { Body = body, Timestamp = timestamp, MessageId = id, Method = method, Url = url }, hash)];
        var text = settings.SignatureEncoding == WebhookSignatureEncoding.Base64 ? Convert.ToBase64String(hash) : Convert.ToHexStringLower(hash);
        headers.Add(new(settings.SignatureHeader, settings.SignaturePrefix + text));
        return headers;
    }

    public void Dispose() => key?.Dispose();

    private string Secret => string.IsNullOrEmpty(options.Secret) ? throw new InvalidOperationException("No shared secret is configured.") : options.Secret;
}
