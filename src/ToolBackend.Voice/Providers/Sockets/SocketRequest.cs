namespace ToolBackend.Voice.Providers.Sockets;

/// <summary>Where a vendor's websocket is opened, and with which header it knows us.</summary>
/// <param name="Provider">As definitions name it.</param>
/// <param name="HeaderValue">A secret: never printed.</param>
internal sealed record SocketRequest(string Provider, Uri Address, string HeaderName, string HeaderValue)
{
    public override string ToString() => Provider;
}
