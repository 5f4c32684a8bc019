namespace ToolBackend.Voice.Providers.Sockets;

/// <summary>Addresses of vendors' websockets.</summary>
internal static class VendorAddress
{
    /// <summary>The address without a slash at its end.</summary>
    /// <exception cref="ArgumentException">No address, or http to another machine: a key and a caller's voice do not leave in the clear.</exception>
    internal static string Checked(string baseUrl) =>
        Uri.TryCreate(baseUrl, UriKind.Absolute, out var address) && (address.Scheme == "https" || (address.Scheme == "http" && address.IsLoopback))
            ? baseUrl.TrimEnd('/')
            : throw new ArgumentException("A vendor's BaseUrl must begin with https:// (http:// for loopback only).", nameof(baseUrl));

    /// <summary>The same host with wss, or ws where the base is http.</summary>
    internal static Uri Socket(string checkedBaseUrl, string pathAndQuery) => new("ws" + checkedBaseUrl["http".Length..] + pathAndQuery);
}
