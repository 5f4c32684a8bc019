namespace ToolBackend.Vapi.Webhooks;

/// <summary>
/// Decides whether a webhook comes from Vapi. One instance per process; safe for concurrent use. Either configured scheme
/// (shared secret, HMAC) lets a message in. A refusal is answered 401 without a body.
/// </summary>
public sealed class WebhookAuthenticator : IDisposable
{
    private readonly SharedSecretVerifier? shared;
    private readonly HmacVerifier? hmac;
    private readonly bool off;
    private long lastSkewMs;

    /// <exception cref="ArgumentException">The options are invalid; the message names the settings and holds no secret.</exception>
    public WebhookAuthenticator(WebhookAuthenticationOptions options, TimeProvider time)
    {
        var errors = options.Validate();
        if (errors.Count > 0)
        {
            throw new ArgumentException(string.Join(' ', errors), nameof(options));
        }

        off = options.Authentication == WebhookAuthenticationMode.Off;
        shared = string.IsNullOrEmpty(options.Secret) ? null : new SharedSecretVerifier(options);
        hmac = string.IsNullOrEmpty(options.Hmac.Secret) ? null : new HmacVerifier(options.Hmac, time);
    }

    /// <summary>Sender's clock minus ours in the last message whose signed time was accepted; zero before the first. Unsigned claims do not count.</summary>
    public TimeSpan LastClockSkew => TimeSpan.FromMilliseconds(Interlocked.Read(ref lastSkewMs));

    /// <summary>Checks one message over its raw bytes. Never throws for anything a sender can write.</summary>
    public AuthenticationVerdict Verify(in WebhookRequest request)
    {
        if (off)
        {
            return new AuthenticationVerdict(WebhookScheme.Off, "off", WebhookRejection.None);
        }

        var verdict = AuthenticationVerdict.Rejected(WebhookRejection.MissingCredentials);
        if (shared is not null)
        {
            verdict = shared.Verify(request.Headers);
            if (verdict.IsAccepted)
            {
                return verdict;
            }
        }

        if (hmac is null)
        {
            return verdict;
        }

        var signed = hmac.Verify(request);
        if (signed.ClockSkew is { } skew)
        {
            Interlocked.Exchange(ref lastSkewMs, (long)skew.TotalMilliseconds);
        }

        // The more telling refusal wins: "nothing presented" says least.
        return signed.Rejection == WebhookRejection.MissingCredentials ? verdict : signed;
    }

    public void Dispose() => hmac?.Dispose();
}
