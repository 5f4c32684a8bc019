using System.Net;
using System.Net.WebSockets;

namespace ToolBackend.Voice.Providers.Sockets;

/// <summary>Opens vendors' websockets. One for the process: connections are never reused, names and TLS sessions are.</summary>
internal sealed class VendorConnector(TimeProvider time) : IDisposable
{
    private static readonly TimeSpan s_ping = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan s_pong = TimeSpan.FromSeconds(10);

    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });

    /// <param name="lifetime">Cancelled, it gives up connecting, and later drops the connection.</param>
    /// <exception cref="ProviderException">Refused, not reached, or not open within the deadline.</exception>
    /// <exception cref="OperationCanceledException">The lifetime is over.</exception>
    public async Task<VendorSocket> ConnectAsync(SocketRequest request, TimeSpan deadline, int largestMessage, CancellationToken lifetime)
    {
        // No compression is asked for: audio does not shrink and text is short.
        var socket = new ClientWebSocket();
        socket.Options.KeepAliveInterval = s_ping;
        socket.Options.KeepAliveTimeout = s_pong;
        socket.Options.CollectHttpResponseDetails = true;
        socket.Options.SetRequestHeader(request.HeaderName, request.HeaderValue);
        using var limit = new CancellationTokenSource(deadline, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, lifetime);
        try
        {
            await socket.ConnectAsync(request.Address, _http, linked.Token);
            socket.HttpResponseHeaders = null;
            return new VendorSocket(request.Provider, socket, largestMessage, lifetime);
        }
        catch (Exception failure) when (failure is WebSocketException or HttpRequestException or OperationCanceledException or IOException)
        {
            using (socket)
            {
                lifetime.ThrowIfCancellationRequested();
                throw limit.IsCancellationRequested ? new ProviderException(request.Provider, ProviderFault.TimedOut, "connect", failure) : Refusal(request.Provider, socket, failure);
            }
        }
    }

    public void Dispose() => _http.Dispose();

    private static ProviderException Refusal(string provider, ClientWebSocket socket, Exception failure)
    {
        if (socket.HttpStatusCode is default(HttpStatusCode))
        {
            return new ProviderException(provider, ProviderFault.Unreachable, "connect", failure);
        }

        var status = socket.HttpStatusCode;
        return new ProviderException(provider, UpgradeFault.Of(status), ((int)status).ToString(), failure) { RetryAfter = RetryAfter(socket) };
    }

    private static TimeSpan? RetryAfter(ClientWebSocket socket) =>
        socket.HttpStatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable
        && socket.HttpResponseHeaders is { } headers && headers.TryGetValue("Retry-After", out var values)
        && int.TryParse(values.FirstOrDefault(), out var seconds) && seconds >= 0
            ? TimeSpan.FromSeconds(seconds)
            : null;
}
