using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace ToolBackend.Api.Operator;

/// <summary>
/// Lets in who sends <c>Authorization: Bearer KEY</c>. Keys are long and random, so a plain SHA-256 is enough and guessing needs no
/// counting: what remains is comparing in constant time.
/// </summary>
public sealed partial class OperatorKey(IOptions<OperatorOptions> options, ILogger<OperatorKey> logger) : IEndpointFilter
{
    public const string Scheme = "Bearer";
    private const string Challenge = Scheme + " realm=\"operator\"";

    /// <summary>One log line for so many refusals: a flood cannot fill a disk.</summary>
    private const int RefusalsPerLine = 100;

    private const int FingerprintBytes = 6;

    private readonly byte[]?[] _hashes = [Bytes(options.Value.KeyHash), Bytes(options.Value.PreviousKeyHash)];
    private long _refusals;

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        if (KeyIdOf(context.HttpContext.Request.Headers.Authorization.ToString()) is { } keyId)
        {
            context.HttpContext.Items[typeof(OperatorKey)] = keyId;
            return await next(context);
        }

        var total = Interlocked.Increment(ref _refusals);
        if (total % RefusalsPerLine == 1)
        {
            LogRefused(total);
        }

        context.HttpContext.Response.Headers.WWWAuthenticate = Challenge;
        return TypedResults.Problem(
            _hashes[0] is null ? "No operator key is configured: set Operator:KeyHash." : "Send the operator key as a bearer token.",
            statusCode: StatusCodes.Status401Unauthorized);
    }

    /// <summary>Fingerprint of the key that let this request in: the first twelve digits of its hash.</summary>
    /// <exception cref="InvalidOperationException">The route does not ask for the key.</exception>
    public static string IdOf(HttpContext context) => context.Items[typeof(OperatorKey)] as string ?? throw new InvalidOperationException("This route is open to everybody.");

    /// <summary>Null for what is no valid key.</summary>
    /// <param name="authorization">The whole header; empty when there is none.</param>
    private string? KeyIdOf(string authorization)
    {
        if (!authorization.StartsWith(Scheme + " ", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        Span<byte> sent = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(authorization[Scheme.Length..].Trim()), sent);
        string? keyId = null;
        foreach (var hash in _hashes)
        {
            // Every hash is compared, so that the time does not tell which one matched.
            if (hash is not null && CryptographicOperations.FixedTimeEquals(hash, sent))
            {
                keyId = Convert.ToHexStringLower(hash.AsSpan(0, FingerprintBytes));
            }
        }

        return keyId;
    }

    private static byte[]? Bytes(string? hash) => string.IsNullOrEmpty(hash) ? null : Convert.FromHexString(hash.AsSpan("sha256:".Length));

    [LoggerMessage(2301, LogLevel.Warning, "An operator request without a valid key was refused; {Total} refused so far, one line for each hundred")]
    private partial void LogRefused(long total);
}
