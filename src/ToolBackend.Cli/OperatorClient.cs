using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;

namespace ToolBackend.Cli;

/// <summary>The operator API of a running service. Its address and the key come from the environment; the key is never printed.</summary>
internal sealed class OperatorClient : IDisposable
{
    public const string UrlVariable = "TOOLBACKEND_URL";
    public const string KeyVariable = "TOOLBACKEND_OPERATOR_KEY";

    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(30);

    private readonly HttpClient _http;

    private OperatorClient(Uri address, string key)
    {
        _http = new HttpClient(new SocketsHttpHandler { ConnectCallback = ConnectAsync, AllowAutoRedirect = false }) { BaseAddress = address, Timeout = Timeout.InfiniteTimeSpan };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
    }

    /// <exception cref="CliException">A variable is unset, or the address is none.</exception>
    public static OperatorClient FromEnvironment()
    {
        var url = Environment.GetEnvironmentVariable(UrlVariable);
        if (string.IsNullOrWhiteSpace(url))
        {
            throw new CliException($"{UrlVariable} is not set", $"export {UrlVariable}=https://your-service; against the local stack use ./dev cli");
        }

        if (!Uri.TryCreate(url.TrimEnd('/') + "/", UriKind.Absolute, out var address) || (address.Scheme != Uri.UriSchemeHttps && address.Scheme != Uri.UriSchemeHttp))
        {
            throw new CliException($"{UrlVariable} is not an http or https address", $"export {UrlVariable}=https://your-service");
        }

        var key = Environment.GetEnvironmentVariable(KeyVariable);
        if (string.IsNullOrWhiteSpace(key) || key.Any(c => c is < '!' or > '~'))
        {
            throw new CliException($"{KeyVariable} is not set, or is not a key", $"export {KeyVariable}=...; toolbackend operator-key new makes one");
        }

        return new OperatorClient(address, key);
    }

    /// <summary>The JSON of a successful answer.</summary>
    /// <param name="path">Relative, with its query.</param>
    /// <exception cref="CliException">The service cannot be reached, refuses, or failed.</exception>
    public async Task<JsonElement> GetAsync(string path, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        return await JsonOfAsync(request, cancellation);
    }

    /// <summary>Sends JSON, and returns that of a successful answer.</summary>
    /// <exception cref="CliException">As for <see cref="GetAsync"/>.</exception>
    public async Task<JsonElement> SendAsync<T>(HttpMethod method, string path, T body, CancellationToken cancellation, params IReadOnlyList<KeyValuePair<string, string>> headers)
    {
        using var request = new HttpRequestMessage(method, path) { Content = JsonContent.Create(body) };
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await JsonOfAsync(request, cancellation);
    }

    private async Task<JsonElement> JsonOfAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        using var answer = await SendAsync(request, cancellation);
        try
        {
            await using var body = await answer.Content.ReadAsStreamAsync(cancellation);
            using var json = await JsonDocument.ParseAsync(body, cancellationToken: cancellation);
            return json.RootElement.Clone();
        }
        catch (Exception e) when (e is JsonException or IOException or HttpRequestException)
        {
            throw Unreachable(e);
        }
    }

    /// <summary>The body of <c>/calls/stream</c>, which goes on until somebody ends it.</summary>
    /// <exception cref="CliException">As for <see cref="GetAsync"/>; <see cref="CliException.IsTransient"/> tells whether to try again.</exception>
    public async Task<HttpResponseMessage> OpenStreamAsync(string path, string? lastEventId, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.ParseAdd("text/event-stream");
        if (!string.IsNullOrEmpty(lastEventId))
        {
            request.Headers.TryAddWithoutValidation("Last-Event-ID", lastEventId);
        }

        return await SendAsync(request, cancellation);
    }

    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(s_deadline);
        HttpResponseMessage answer;
        try
        {
            answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, deadline.Token);
        }
        catch (Exception e) when (e is HttpRequestException || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            throw Unreachable(e);
        }

        if (answer.IsSuccessStatusCode)
        {
            return answer;
        }

        using (answer)
        {
            throw await RefusedAsync(answer, deadline.Token);
        }
    }

    private CliException Unreachable(Exception e) => new(
        $"{_http.BaseAddress!.GetLeftPart(UriPartial.Authority)} does not answer ({(e as HttpRequestException)?.HttpRequestError.ToString() ?? e.GetType().Name})", $"check {UrlVariable} and that the service is up")
    {
        IsTransient = true,
    };

    private static async Task<CliException> RefusedAsync(HttpResponseMessage answer, CancellationToken cancellation)
    {
        var detail = await ReadProblemAsync(answer, cancellation) ?? $"the service answered {(int)answer.StatusCode}";
        return answer.StatusCode switch
        {
            HttpStatusCode.Unauthorized => new CliException("the service does not accept the operator key", $"check {KeyVariable} against the service's Operator:KeyHash") { ExitCode = ExitCodes.Authentication },
            HttpStatusCode.BadRequest => new CliException(detail, "--help tells what the verb takes") { ExitCode = ExitCodes.Usage },
            HttpStatusCode.GatewayTimeout => new CliException(detail, "look whether it was done before you do it again"),
            HttpStatusCode.Conflict => new CliException(detail, "change what clashes with it; toolbackend calls list shows what is there"),
            HttpStatusCode.NotFound => new CliException(detail, "check the id, and that the service is a version that knows calls"),
            _ => new CliException(detail, "try again in a moment") { IsTransient = (int)answer.StatusCode >= 500 },
        };
    }

    private static async Task<string?> ReadProblemAsync(HttpResponseMessage answer, CancellationToken cancellation)
    {
        if (answer.Content.Headers.ContentType?.MediaType != "application/problem+json")
        {
            return null;
        }

        using var json = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync(cancellation));
        var errors = json.RootElement.TryGetProperty("errors", out var named) ? named.EnumerateObject().Select(e => $"{e.Name}: {string.Join(' ', e.Value.EnumerateArray())}") : [];
        var detail = json.RootElement.TryGetProperty("detail", out var text) ? text.GetString() : null;
        return Printable.Of(string.Join("; ", errors)) is { Length: > 0 } all ? all : Printable.Of(detail);
    }

    /// <summary>A stream says nothing for long: the kernel asks whether the other side is still there.</summary>
    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 30);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 10);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 3);
            await socket.ConnectAsync(context.DnsEndPoint, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
