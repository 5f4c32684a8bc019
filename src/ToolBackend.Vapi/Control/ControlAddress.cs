using System.Diagnostics.CodeAnalysis;
using ToolBackend.Vapi.Webhooks;

namespace ToolBackend.Vapi.Control;

/// <summary>
/// A control address that may be called: <c>https</c>, on a host of Vapi's or of <see cref="LiveControlOptions.Hosts"/>, on the ordinary port, without a user. It came in a
/// message, so it is checked each time it is used; where its name leads to is checked when it is connected to (<see cref="LiveControl"/>). Source of the rule: OWASP API7.
/// </summary>
internal sealed record ControlAddress(Uri Url)
{
    private const string Vapi = "vapi.ai";
    private const int MaxLength = 2048;

    /// <summary>Only this machine's own addresses may stand behind it, and no others.</summary>
    public bool IsLoopback => LoopbackAddress.Is(Url.AbsoluteUri);

    public static bool TryParse(string? text, LiveControlOptions options, [NotNullWhen(true)] out ControlAddress? address)
    {
        address = null;
        if (text is null or { Length: > MaxLength } || text.AsSpan().ContainsAnyExceptInRange('!', '~') || text.Contains('\\', StringComparison.Ordinal)
            || !Uri.TryCreate(text, UriKind.Absolute, out var url) || url.UserInfo.Length > 0 || text.Contains('@', StringComparison.Ordinal))
        {
            return false;
        }

        var candidate = new ControlAddress(url);
        if (!(candidate.IsLoopback ? options.AllowLoopback && (url.Scheme is "http" or "https") : IsOfVapi(url, options)))
        {
            return false;
        }

        address = candidate;
        return true;
    }

    private static bool IsOfVapi(Uri url, LiveControlOptions options) =>
        url.Scheme == "https" && url.IsDefaultPort && url.HostNameType == UriHostNameType.Dns
        && options.Hosts.Append(Vapi).Any(host => url.IdnHost.Equals(host, StringComparison.OrdinalIgnoreCase) || url.IdnHost.EndsWith("." + host, StringComparison.OrdinalIgnoreCase));
}
