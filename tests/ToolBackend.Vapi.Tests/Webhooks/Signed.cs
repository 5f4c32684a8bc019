using Microsoft.AspNetCore.Http;
using ToolBackend.Vapi.Webhooks;

namespace ToolBackend.Vapi.Tests.Webhooks;

/// <summary>Shared pieces of the authentication tests.</summary>
internal static class Signed
{
    public const string Secret = "a-shared-secret-of-32-bytes-long";
    public const string OtherSecret = "another-secret-of-thirty-2-bytes";

    public static readonly DateTimeOffset Now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    public static WebhookAuthenticationOptions Hmac(Action<WebhookHmacOptions>? change = null)
    {
        var options = new WebhookAuthenticationOptions { Hmac = { Secret = Secret } };
        change?.Invoke(options.Hmac);
        return options;
    }

    public static WebhookAuthenticationOptions StandardWebhooks(string secret = "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw") =>
        Hmac(hmac =>
        {
            hmac.Profile = WebhookHmacProfile.StandardWebhooks;
            hmac.Secret = secret;
        });

    public static HeaderDictionary Headers(IEnumerable<KeyValuePair<string, string>> pairs)
    {
        var headers = new HeaderDictionary();
        foreach (var (name, value) in pairs)
        {
            headers[name] = value;
        }

        return headers;
    }

    public static AuthenticationVerdict Verify(WebhookAuthenticationOptions options, HeaderDictionary headers, byte[] body, DateTimeOffset? now = null, string url = "")
    {
        using var authenticator = new WebhookAuthenticator(options, new FixedTime(now ?? Now));
        return authenticator.Verify(new WebhookRequest(headers, body, "POST", url));
    }
}

/// <summary>A clock that stands still.</summary>
internal sealed class FixedTime(DateTimeOffset now) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => now;
}
