using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace ToolBackend.Vapi.Control;

/// <summary>What became of a command.</summary>
public enum ControlResult
{
    /// <summary>Vapi took it.</summary>
    Taken,

    /// <summary>The address is not one that may be called, or its name leads where it may not. Nothing was connected to.</summary>
    AddressRefused,

    /// <summary>An answer that is no success, a redirect included.</summary>
    Refused,

    /// <summary>No connection.</summary>
    Unreachable,

    /// <summary>No answer in time: it may have been taken.</summary>
    NoAnswer,
}

/// <param name="Status">HTTP status of the answer, when there was one.</param>
public readonly record struct ControlOutcome(ControlResult Result, int? Status = null);

/// <summary>
/// Looks up a host name. Replaced in tests, since no test may ask a real resolver.
/// </summary>
public delegate Task<IPAddress[]> ResolveHost(string host, CancellationToken cancellation);

/// <summary>
/// Sends commands to the control addresses of live calls. An address is believed only as far as it was checked: the name is looked up once, every address behind it must be
/// a public one, and the connection goes to exactly those. No proxy, no redirects, no cookies; what is answered is not read.
/// </summary>
public sealed class LiveControl : IDisposable
{
    private const int DrainedBytes = 16 * 1024;

    private readonly LiveControlOptions _options;
    private readonly TimeProvider _time;
    private readonly ResolveHost _resolve;
    private readonly HttpClient _http;

    public LiveControl(IOptions<LiveControlOptions> options, TimeProvider time, ResolveHost? resolve = null)
    {
        (_options, _time, _resolve) = (options.Value, time, resolve ?? Dns.GetHostAddressesAsync);
        _http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            ActivityHeadersPropagator = null,
            ConnectCallback = (context, cancellation) => ConnectAsync(context.DnsEndPoint, cancellation),
            MaxResponseHeadersLength = DrainedBytes / 1024,
            MaxResponseDrainSize = DrainedBytes,
            ResponseDrainTimeout = TimeSpan.FromSeconds(1),
            PooledConnectionLifetime = TimeSpan.FromMinutes(1),
        })
        {
            Timeout = Timeout.InfiniteTimeSpan, // each command has its own
        };
    }

    /// <param name="url">As it came in a message: not believed.</param>
    public async Task<ControlOutcome> SendAsync(string url, ControlCommand command, CancellationToken cancellation)
    {
        if (!ControlAddress.TryParse(url, _options, out var address))
        {
            return new ControlOutcome(ControlResult.AddressRefused);
        }

        using var timeout = new CancellationTokenSource(TimeSpan.FromMilliseconds(_options.TimeoutMilliseconds), _time);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation, timeout.Token);
        try
        {
            using var request = Request(address, command);
            using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, deadline.Token);
            return new ControlOutcome(answer.IsSuccessStatusCode ? ControlResult.Taken : ControlResult.Refused, (int)answer.StatusCode);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new ControlOutcome(ControlResult.NoAnswer);
        }
        catch (HttpRequestException e) when (e.InnerException is AddressRefusedException)
        {
            return new ControlOutcome(ControlResult.AddressRefused);
        }
        catch (HttpRequestException)
        {
            return new ControlOutcome(ControlResult.Unreachable);
        }
    }

    public void Dispose() => _http.Dispose();

    private HttpRequestMessage Request(ControlAddress address, ControlCommand command)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, address.Url) { Content = new ByteArrayContent(command.Json) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        if (_options.PublicKey is { } key)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }

        return request;
    }

    private async ValueTask<Stream> ConnectAsync(DnsEndPoint to, CancellationToken cancellation)
    {
        var isLoopback = _options.AllowLoopback && IsLoopbackName(to.Host);
        var addresses = IPAddress.TryParse(to.Host, out var literal) ? [literal] : await _resolve(to.Host, cancellation);
        if (addresses.Length == 0)
        {
            throw new SocketException((int)SocketError.HostNotFound);
        }

        // One bad address among good ones is an attack, or a mistake as good as one.
        if (!Array.TrueForAll(addresses, address => isLoopback ? IPAddress.IsLoopback(address) : PublicAddresses.Contains(address)))
        {
            throw new AddressRefusedException();
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, to.Port, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static bool IsLoopbackName(string host) => host == "localhost" || (IPAddress.TryParse(host, out var ip) && IPAddress.IsLoopback(ip));

    private sealed class AddressRefusedException() : IOException("The control address leads where it may not.");
}
