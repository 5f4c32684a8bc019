using System.Net;

namespace ToolBackend.Vapi.Webhooks;

/// <summary>Tells whether a server address can be reached from this machine only.</summary>
internal static class LoopbackAddress
{
    /// <summary>True for localhost, 127.0.0.0/8 and ::1. Wildcards, names and unreadable addresses count as reachable.</summary>
    public static bool Is(string address)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri))
        {
            return false;
        }

        var host = uri.Host.Trim('[', ']');
        return string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(host, out var ip) && IPAddress.IsLoopback(ip));
    }
}
