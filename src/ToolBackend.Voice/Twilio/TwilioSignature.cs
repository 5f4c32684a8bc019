using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace ToolBackend.Voice.Twilio;

/// <summary>
/// Twilio's request signature (its "Webhooks Security" page): Base64 of HMAC-SHA1 with the account's primary auth token over the public address and the form's
/// parameters.
/// </summary>
public sealed class TwilioSignature(string authToken)
{
    public const string Header = "X-Twilio-Signature";

    private readonly byte[] _key = Encoding.UTF8.GetBytes(authToken);

    /// <summary>The signature of a form POST, a GET, or (with <c>wss</c>) a websocket's upgrade.</summary>
    /// <param name="url">As Twilio requested it: scheme, host, path and query verbatim.</param>
    /// <param name="form">All parameters that came, decoded; a name may repeat.</param>
    [SuppressMessage("Security", "CA5350:Do Not Use Weak Cryptographic Algorithms", Justification = "Twilio's algorithm; HMAC does not rest on what is weak in SHA-1.")]
    public string Sign(string url, IEnumerable<KeyValuePair<string, string>> form)
    {
        var text = new StringBuilder(url);
        foreach (var parameter in form.GroupBy(p => p.Key, p => p.Value, StringComparer.Ordinal).OrderBy(p => p.Key, StringComparer.Ordinal))
        {
            // Of a repeated parameter each value counts once, in order.
            foreach (var value in parameter.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
            {
                text.Append(parameter.Key).Append(value);
            }
        }

        return Convert.ToBase64String(HMACSHA1.HashData(_key, Encoding.UTF8.GetBytes(text.ToString())));
    }

    /// <summary>Twilio drops the port from some addresses and appends a slash to some sockets', so every form of the address counts.</summary>
    public bool Verify(string? signature, string url, IReadOnlyList<KeyValuePair<string, string>> form)
    {
        if (signature is not { Length: > 0 and < 100 } || !Uri.TryCreate(url, UriKind.Absolute, out var address))
        {
            return false;
        }

        var given = Encoding.ASCII.GetBytes(signature);
        var isRight = false;
        foreach (var form1 in Forms(url, address))
        {
            isRight |= CryptographicOperations.FixedTimeEquals(given, Encoding.ASCII.GetBytes(Sign(form1, form)));
        }

        return isRight;
    }

    private static IEnumerable<string> Forms(string url, Uri address)
    {
        // Not rebuilt from the parsed address: that would change the escapes of its path and query.
        var authority = url.IndexOf("://", StringComparison.Ordinal) + 3;
        var end = url.IndexOfAny(['/', '?'], authority);
        var (host, rest) = end < 0 ? (url[authority..], "") : (url[authority..end], url[end..]);
        var port = host.LastIndexOf(':');
        var bare = port > host.LastIndexOf(']') ? host[..port] : host;
        foreach (var name in new[] { bare, $"{bare}:{address.Port}" })
        {
            yield return $"{address.Scheme}://{name}{rest}";
            if (address.Scheme is "wss" or "ws")
            {
                yield return $"{address.Scheme}://{name}{rest}/";
            }
        }
    }
}
