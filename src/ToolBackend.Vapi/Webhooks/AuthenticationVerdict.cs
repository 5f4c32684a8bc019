namespace ToolBackend.Vapi.Webhooks;

/// <summary>The scheme that let a message in.</summary>
public enum WebhookScheme
{
    None,
    Off,
    VapiSecret,
    Bearer,
    Hmac,
}

/// <summary>Why a message was refused; a metric label, free of anything secret. Never tell it to the sender.</summary>
public enum WebhookRejection
{
    None,
    MissingCredentials,
    WrongSecret,
    AmbiguousHeader,
    MalformedSignature,
    WrongSignature,
    MissingTimestamp,
    MalformedTimestamp,
    TimestampTooOld,
    TimestampTooNew,
    MissingMessageId,
    MalformedMessageId,
}

/// <summary>Outcome of <see cref="WebhookAuthenticator.Verify"/>; a value, so that the hot path allocates nothing.</summary>
/// <param name="Scheme">The scheme that accepted; <see cref="WebhookScheme.None"/> when refused.</param>
/// <param name="KeyId">"current", "previous" or "off" when accepted, else empty. Never the key.</param>
/// <param name="Rejection">The reason when refused.</param>
/// <param name="MessageId">The sender's id when the HMAC covers one; else null.</param>
/// <param name="ClockSkew">Signed time minus ours, when a signed time was accepted. Alert when it stays above 5 s.</param>
public readonly record struct AuthenticationVerdict(
    WebhookScheme Scheme,
    string KeyId,
    WebhookRejection Rejection,
    string? MessageId = null,
    TimeSpan? ClockSkew = null)
{
    public bool IsAccepted => Scheme != WebhookScheme.None;

    internal static AuthenticationVerdict Rejected(WebhookRejection reason) => new(WebhookScheme.None, string.Empty, reason);
}
