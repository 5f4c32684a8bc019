namespace ToolBackend.Vapi.Webhooks;

/// <summary>Hash of the HMAC, as Vapi's credential names it.</summary>
public enum WebhookHmacAlgorithm
{
    Sha256,
    Sha512,
    Sha1,
}

/// <summary>How the signature's bytes are written in the header.</summary>
public enum WebhookSignatureEncoding
{
    Hex,
    Base64,
}

/// <summary>A preset of the HMAC settings.</summary>
public enum WebhookHmacProfile
{
    /// <summary>The settings as given.</summary>
    Custom,

    /// <summary>Standard Webhooks 1.0: every setting except the secrets and the tolerance is replaced by that specification's.</summary>
    StandardWebhooks,
}

/// <summary>
/// HMAC credential, field for field as in Vapi's <c>authenticationPlan</c> of type <c>hmac</c>, bound from <c>Vapi:Webhook:Hmac</c>.
/// </summary>
public sealed class WebhookHmacOptions
{
    public const string DefaultPayloadFormat = "{timestamp}.{body}";

    /// <summary>The key, at least 24 bytes after decoding. Unset: no HMAC.</summary>
    public string? Secret { get; set; }

    /// <summary>The key that is being rotated out; accepted as well while it is set.</summary>
    public string? PreviousSecret { get; set; }

    /// <summary>Default: <see cref="WebhookHmacProfile.Custom"/>.</summary>
    public WebhookHmacProfile Profile { get; set; }

    /// <summary>Default: sha256.</summary>
    public WebhookHmacAlgorithm Algorithm { get; set; } = WebhookHmacAlgorithm.Sha256;

    /// <summary>Default: <c>x-signature</c>. The header may hold a list of signatures, parted by spaces.</summary>
    public string SignatureHeader { get; set; } = "x-signature";

    /// <summary>Default: <c>x-timestamp</c>; seconds or milliseconds since 1970 (more than 10^11 means milliseconds).</summary>
    public string TimestampHeader { get; set; } = "x-timestamp";

    /// <summary>Whether the time of sending is signed and checked. Default true; without it a captured message can be replayed for ever.</summary>
    public bool IncludeTimestamp { get; set; } = true;

    /// <summary>The signed text, with placeholders {body} {timestamp} {method} {url} {svix-id}. Without a timestamp the default means {body}.</summary>
    public string PayloadFormat { get; set; } = DefaultPayloadFormat;

    /// <summary>Text before each signature, such as <c>sha256=</c>. Default none.</summary>
    public string? SignaturePrefix { get; set; }

    /// <summary>Header of the message id for {svix-id}. Default none. An id is 1 to 128 of letters, digits, - and _.</summary>
    public string? MessageIdHeader { get; set; }

    /// <summary>Default: hex.</summary>
    public WebhookSignatureEncoding SignatureEncoding { get; set; } = WebhookSignatureEncoding.Hex;

    /// <summary>The secrets are base64 of the key, with or without <c>whsec_</c> in front. Default false: the key is the secret's UTF-8.</summary>
    public bool SecretIsBase64 { get; set; }

    /// <summary>Largest difference between the signed time and ours, either way and inclusive, in seconds. Default 300, 1 to 3600.</summary>
    public int ToleranceSeconds { get; set; } = 300;

    /// <summary>These settings with the profile applied.</summary>
    internal WebhookHmacOptions Resolve() => Profile switch
    {
        WebhookHmacProfile.StandardWebhooks => new WebhookHmacOptions
        {
            Secret = Secret,
            PreviousSecret = PreviousSecret,
            ToleranceSeconds = ToleranceSeconds,
            SignatureHeader = "webhook-signature",
            TimestampHeader = "webhook-timestamp",
            MessageIdHeader = "webhook-id",
            PayloadFormat = "{svix-id}.{timestamp}.{body}",
            SignaturePrefix = "v1,",
            SignatureEncoding = WebhookSignatureEncoding.Base64,
            SecretIsBase64 = true,
        },
        _ => this,
    };

    internal void Validate(List<string> errors)
    {
        const string at = WebhookAuthenticationOptions.SectionName + ":Hmac:";
        if (string.IsNullOrEmpty(Secret))
        {
            if (!string.IsNullOrEmpty(PreviousSecret))
            {
                errors.Add($"{at}PreviousSecret is set without {at}Secret.");
            }

            return;
        }

        var settings = Resolve();
        CheckKey(errors, at + nameof(Secret), settings.Secret, settings.SecretIsBase64);
        CheckKey(errors, at + nameof(PreviousSecret), settings.PreviousSecret, settings.SecretIsBase64);
        if (ToleranceSeconds is < 1 or > 3600)
        {
            errors.Add($"{at}ToleranceSeconds must be 1 to 3600.");
        }

        if (string.IsNullOrWhiteSpace(settings.SignatureHeader) || (settings.IncludeTimestamp && string.IsNullOrWhiteSpace(settings.TimestampHeader)))
        {
            errors.Add($"{at}SignatureHeader and {at}TimestampHeader must name headers.");
        }

        if (PayloadTemplate.Check(settings) is { } problem)
        {
            errors.Add($"{at}PayloadFormat {problem}");
        }
    }

    private static void CheckKey(List<string> errors, string name, string? secret, bool isBase64)
    {
        if (string.IsNullOrEmpty(secret))
        {
            return;
        }

        if (HmacKey.Decode(secret, isBase64) is not { } key)
        {
            errors.Add($"{name} is not base64, as SecretIsBase64 asks.");
        }
        else if (key.Length < WebhookAuthenticationOptions.MinimumSecretBytes)
        {
            errors.Add($"{name} must have at least {WebhookAuthenticationOptions.MinimumSecretBytes} bytes.");
        }
    }
}
