using System.Buffers;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace ToolBackend.Vapi.Webhooks;

/// <summary>
/// Verifies the configurable HMAC of Vapi. The cheap public checks (form, time) come first; then every presented signature is
/// compared in constant time, always <see cref="SignatureList.MaxEntries"/> comparisons per key whatever was presented.
/// </summary>
internal sealed class HmacVerifier : IDisposable
{
    private const long MillisecondsFrom = 100_000_000_000;
    private const int MaxTimestampDigits = 16;
    private const int MaxMessageIdChars = 128;

    private static readonly SearchValues<char> MessageIdChars = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-");

    private readonly WebhookHmacOptions settings;
    private readonly PayloadTemplate template;
    private readonly SignatureList signatures;
    private readonly HmacKey current;
    private readonly HmacKey? previous;
    private readonly int hashBytes;
    private readonly TimeProvider time;

    public HmacVerifier(WebhookHmacOptions options, TimeProvider time)
    {
        settings = options.Resolve();
        this.time = time;
        template = new PayloadTemplate(settings);
        hashBytes = HmacKey.HashBytes(settings.Algorithm);
        signatures = new SignatureList(settings.SignaturePrefix ?? string.Empty, settings.SignatureEncoding, hashBytes);
        current = Key("current", settings.Secret!);
        previous = string.IsNullOrEmpty(settings.PreviousSecret) ? null : Key("previous", settings.PreviousSecret);
    }

    public AuthenticationVerdict Verify(in WebhookRequest request)
    {
        var presented = request.Headers[settings.SignatureHeader];
        if (presented.Count == 0)
        {
            return AuthenticationVerdict.Rejected(WebhookRejection.MissingCredentials);
        }

        var timestamp = string.Empty;
        TimeSpan? skew = null;
        if (settings.IncludeTimestamp && CheckTimestamp(request.Headers[settings.TimestampHeader], out timestamp, out skew) is var late and not WebhookRejection.None)
        {
            return AuthenticationVerdict.Rejected(late);
        }

        var messageId = string.Empty;
        if (settings.MessageIdHeader is { Length: > 0 } idHeader && CheckMessageId(request.Headers[idHeader], out messageId) is var bad and not WebhookRejection.None)
        {
            return AuthenticationVerdict.Rejected(bad);
        }

        Span<byte> candidates = stackalloc byte[SignatureList.MaxEntries * HmacKey.MaxHashBytes];
        candidates.Clear();
        var count = signatures.Decode(presented, candidates);
        var parts = new SignedParts { Body = request.Body, Timestamp = timestamp, MessageId = messageId, Method = request.Method, Url = request.Url };
        var id = messageId.Length == 0 ? null : messageId;
        if (Matches(current, parts, candidates, count))
        {
            return new AuthenticationVerdict(WebhookScheme.Hmac, current.KeyId, WebhookRejection.None, id, skew);
        }

        if (previous is not null && Matches(previous, parts, candidates, count))
        {
            return new AuthenticationVerdict(WebhookScheme.Hmac, previous.KeyId, WebhookRejection.None, id, skew);
        }

        return AuthenticationVerdict.Rejected(count == 0 ? WebhookRejection.MalformedSignature : WebhookRejection.WrongSignature);
    }

    public void Dispose()
    {
        current.Dispose();
        previous?.Dispose();
    }

    private bool Matches(HmacKey key, in SignedParts parts, ReadOnlySpan<byte> candidates, int count)
    {
        Span<byte> expected = stackalloc byte[HmacKey.MaxHashBytes];
        expected = expected[..key.Sign(template, parts, expected)];
        var matched = false;
        for (var i = 0; i < SignatureList.MaxEntries; i++)
        {
            // Slots beyond the count hold zeros and are compared all the same; a match there does not count.
            matched |= CryptographicOperations.FixedTimeEquals(expected, candidates.Slice(i * hashBytes, hashBytes)) & (i < count);
        }

        return matched;
    }

    private WebhookRejection CheckTimestamp(StringValues header, out string timestamp, out TimeSpan? skew)
    {
        timestamp = string.Empty;
        skew = null;
        if (header.Count == 0)
        {
            return WebhookRejection.MissingTimestamp;
        }

        var text = header[0];
        if (header.Count > 1 || string.IsNullOrEmpty(text) || text.Length > MaxTimestampDigits || text.AsSpan().ContainsAnyExceptInRange('0', '9'))
        {
            return header.Count > 1 ? WebhookRejection.AmbiguousHeader : WebhookRejection.MalformedTimestamp;
        }

        timestamp = text;
        var sent = long.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
        var now = time.GetUtcNow();
        // Whole seconds are compared with whole seconds, so that the limit is inclusive in the sender's own unit.
        var aheadMs = sent > MillisecondsFrom ? sent - now.ToUnixTimeMilliseconds() : (sent - now.ToUnixTimeSeconds()) * 1000;
        var limitMs = settings.ToleranceSeconds * 1000L;
        if (Math.Abs(aheadMs) > limitMs)
        {
            return aheadMs < 0 ? WebhookRejection.TimestampTooOld : WebhookRejection.TimestampTooNew;
        }

        skew = TimeSpan.FromMilliseconds(aheadMs);
        return WebhookRejection.None;
    }

    private static WebhookRejection CheckMessageId(StringValues header, out string messageId)
    {
        messageId = string.Empty;
        if (header.Count == 0 || string.IsNullOrEmpty(header[0]))
        {
            return WebhookRejection.MissingMessageId;
        }

        if (header.Count > 1)
        {
            return WebhookRejection.AmbiguousHeader;
        }

        var text = header[0]!;
        if (text.Length > MaxMessageIdChars || text.AsSpan().ContainsAnyExcept(MessageIdChars))
        {
            return WebhookRejection.MalformedMessageId;
        }

        messageId = text;
        return WebhookRejection.None;
    }

    private HmacKey Key(string keyId, string secret) =>
        new(keyId, HmacKey.Decode(secret, settings.SecretIsBase64) ?? throw new ArgumentException("An HMAC secret is not base64.", nameof(secret)), settings.Algorithm);
}
