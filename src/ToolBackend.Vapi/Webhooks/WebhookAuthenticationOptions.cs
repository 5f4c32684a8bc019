namespace ToolBackend.Vapi.Webhooks;

/// <summary>Whether a webhook must prove where it comes from.</summary>
public enum WebhookAuthenticationMode
{
    /// <summary>Every message needs a valid shared secret or signature.</summary>
    Required,

    /// <summary>Nothing is checked. Only for a host bound to loopback; see <see cref="WebhookAuthenticationOptions.OffRefusedFor"/>.</summary>
    Off,
}

/// <summary>
/// How webhooks from Vapi are authenticated, bound from <c>Vapi:Webhook</c>. A message passes when any configured scheme accepts it.
/// </summary>
public sealed class WebhookAuthenticationOptions
{
    public const string SectionName = "Vapi:Webhook";

    /// <summary>The header that Vapi fills from <c>server.secret</c> and that a bearer credential can be pointed at.</summary>
    public const string VapiSecretHeader = "X-Vapi-Secret";

    /// <summary>Shortest secret that is accepted, in bytes of key material.</summary>
    public const int MinimumSecretBytes = 24;

    /// <summary>Default: <see cref="WebhookAuthenticationMode.Required"/>.</summary>
    public WebhookAuthenticationMode Authentication { get; set; } = WebhookAuthenticationMode.Required;

    /// <summary>Shared secret, at least 24 bytes of UTF-8. Accepted in <c>X-Vapi-Secret</c> and as bearer token in <see cref="HeaderName"/>. Unset: no shared secret.</summary>
    public string? Secret { get; set; }

    /// <summary>The shared secret that is being rotated out; accepted as well while it is set.</summary>
    public string? PreviousSecret { get; set; }

    /// <summary>Header of the bearer token, with or without the word <c>Bearer</c> (any case) in front. Default <c>Authorization</c>.</summary>
    public string HeaderName { get; set; } = "Authorization";

    /// <summary>HMAC credential; active when its secret is set.</summary>
    public WebhookHmacOptions Hmac { get; set; } = new();

    /// <summary>
    /// Errors of this configuration, empty when it can be used. A text names the setting and the rule, never a value of a secret.
    /// </summary>
    public IReadOnlyList<string> Validate()
    {
        var errors = new List<string>();
        CheckShared(errors, nameof(Secret), Secret);
        CheckShared(errors, nameof(PreviousSecret), PreviousSecret);
        if (string.IsNullOrEmpty(Secret) && !string.IsNullOrEmpty(PreviousSecret))
        {
            errors.Add($"{SectionName}:PreviousSecret is set without {SectionName}:Secret.");
        }

        if (string.IsNullOrWhiteSpace(HeaderName))
        {
            errors.Add($"{SectionName}:HeaderName must name a header.");
        }

        Hmac.Validate(errors);
        if (Authentication == WebhookAuthenticationMode.Required && string.IsNullOrEmpty(Secret) && string.IsNullOrEmpty(Hmac.Secret))
        {
            errors.Add($"{SectionName}:Secret or {SectionName}:Hmac:Secret must be set (at least {MinimumSecretBytes} bytes), or {SectionName}:Authentication be Off on a loopback address.");
        }

        return errors;
    }

    /// <summary>
    /// The error to refuse start-up with when authentication is off and an address is reachable from other machines; null when all is well.
    /// </summary>
    /// <param name="boundAddresses">Server addresses as Kestrel reports them, such as <c>http://127.0.0.1:5080</c>.</param>
    public string? OffRefusedFor(IEnumerable<string> boundAddresses)
    {
        if (Authentication != WebhookAuthenticationMode.Off)
        {
            return null;
        }

        var addresses = boundAddresses.ToList();
        if (addresses.Count == 0)
        {
            return $"{SectionName}:Authentication is Off and the bound address is not known: bind to 127.0.0.1 or set a secret.";
        }

        var open = addresses.Find(address => !LoopbackAddress.Is(address));
        return open is null ? null : $"{SectionName}:Authentication is Off but {open} is not a loopback address: bind to 127.0.0.1 or set a secret.";
    }

    private static void CheckShared(List<string> errors, string name, string? secret)
    {
        if (!string.IsNullOrEmpty(secret) && System.Text.Encoding.UTF8.GetByteCount(secret) < MinimumSecretBytes)
        {
            errors.Add($"{SectionName}:{name} must have at least {MinimumSecretBytes} bytes.");
        }
    }
}
