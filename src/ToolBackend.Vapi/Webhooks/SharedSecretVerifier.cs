using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace ToolBackend.Vapi.Webhooks;

/// <summary>
/// Compares a presented secret with the current and the previous one. Digests are compared, so that the time tells
/// neither the content nor the length of a secret; both slots are always compared, with a random digest for an empty one.
/// </summary>
internal sealed class SharedSecretVerifier
{
    private const int MaxPresentedChars = 1024;
    private const string BearerWord = "Bearer ";

    private readonly byte[] current;
    private readonly byte[] previous;
    private readonly string bearerHeader;

    public SharedSecretVerifier(WebhookAuthenticationOptions options)
    {
        bearerHeader = options.HeaderName;
        current = DigestOf(options.Secret);
        previous = DigestOf(options.PreviousSecret);
    }

    public AuthenticationVerdict Verify(IHeaderDictionary headers)
    {
        var direct = Check(headers[WebhookAuthenticationOptions.VapiSecretHeader], WebhookScheme.VapiSecret);
        return direct.IsAccepted || Refuses(direct) ? direct : Worse(direct, Check(headers[bearerHeader], WebhookScheme.Bearer));
    }

    private static bool Refuses(in AuthenticationVerdict verdict) => verdict.Rejection == WebhookRejection.AmbiguousHeader;

    /// <summary>The second verdict, unless the second header was absent and the first said something more exact.</summary>
    private static AuthenticationVerdict Worse(in AuthenticationVerdict first, in AuthenticationVerdict second) =>
        second.Rejection == WebhookRejection.MissingCredentials ? first : second;

    private AuthenticationVerdict Check(StringValues header, WebhookScheme scheme)
    {
        if (header.Count == 0)
        {
            return AuthenticationVerdict.Rejected(WebhookRejection.MissingCredentials);
        }

        if (header.Count > 1)
        {
            return AuthenticationVerdict.Rejected(WebhookRejection.AmbiguousHeader);
        }

        var presented = header[0].AsSpan().Trim();
        if (scheme == WebhookScheme.Bearer && presented.StartsWith(BearerWord, StringComparison.OrdinalIgnoreCase))
        {
            presented = presented[BearerWord.Length..].Trim();
        }

        if (presented.Length > MaxPresentedChars)
        {
            return AuthenticationVerdict.Rejected(WebhookRejection.WrongSecret);
        }

        // Hashed as UTF-16, as it lies in memory: transcoding takes longer for some lengths than for others.
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(MemoryMarshal.AsBytes(presented), digest);
        var isCurrent = CryptographicOperations.FixedTimeEquals(digest, current);
        var isPrevious = CryptographicOperations.FixedTimeEquals(digest, previous);
        return (isCurrent | isPrevious)
            ? new AuthenticationVerdict(scheme, isCurrent ? "current" : "previous", WebhookRejection.None)
            : AuthenticationVerdict.Rejected(WebhookRejection.WrongSecret);
    }

    private static byte[] DigestOf(string? secret) =>
        string.IsNullOrEmpty(secret) ? RandomNumberGenerator.GetBytes(SHA256.HashSizeInBytes) : SHA256.HashData(MemoryMarshal.AsBytes(secret.AsSpan()));
}
