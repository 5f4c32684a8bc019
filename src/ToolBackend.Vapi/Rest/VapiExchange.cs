using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ToolBackend.Vapi.Rest;

/// <summary>One attempt on the wire: request out, answer in, failure named.</summary>
internal sealed class VapiExchange : IDisposable
{
    private const int DeepestAnswer = 128;
    private static readonly MediaTypeHeaderValue s_json = new("application/json");
    private static readonly JsonDocumentOptions s_strict = new() { MaxDepth = DeepestAnswer, AllowDuplicateProperties = false };

    private readonly HttpClient _http;
    private readonly TimeProvider _time;
    private readonly string _key;
    private readonly int _mostBytes;

    public VapiExchange(VapiClientOptions options, TimeProvider time, HttpMessageHandler? handler)
    {
        _time = time;
        _key = options.ApiKey!;
        _mostBytes = options.MaxAnswerBytes;
        _http = new HttpClient(handler ?? NewHandler(options))
        {
            BaseAddress = new Uri(options.BaseUrl.TrimEnd('/') + "/"),
            // Deadlines are the transport's: this one would look like a cancellation.
            Timeout = Timeout.InfiniteTimeSpan,
        };
        _http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("ToolBackend", null));
        _http.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
    }

    public async ValueTask<JsonNode?> RunAsync(VapiRequest request, CancellationToken cancellation)
    {
        try
        {
            using var message = new HttpRequestMessage(request.Method, request.Target);
            message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _key);
            if (request.Bytes is { } bytes)
            {
                message.Content = new ByteArrayContent(bytes) { Headers = { ContentType = s_json } };
            }

            using var answer = await _http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellation);
            await answer.Content.LoadIntoBufferAsync(_mostBytes, cancellation);
            var body = await answer.Content.ReadAsByteArrayAsync(cancellation);
            return answer.IsSuccessStatusCode ? Parse(request, (int)answer.StatusCode, body) : throw Refused(request, answer, body);
        }
        catch (HttpRequestException error) when (error.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded)
        {
            throw new VapiApiException(VapiFailure.Unreadable, $"{request}: the answer has more than {_mostBytes} bytes.", error) { OutcomeIsUnknown = request.IsWrite };
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            throw NoAnswer(request, error);
        }
    }

    public void Dispose() => _http.Dispose();

    private static SocketsHttpHandler NewHandler(VapiClientOptions options) => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.All,
        ConnectTimeout = options.AttemptTimeout,
        // Vapi's addresses change; a pooled connection would not notice.
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        MaxConnectionsPerServer = options.MaxInFlight,
    };

    private static JsonNode? Parse(VapiRequest request, int status, byte[] body)
    {
        if (body.AsSpan().Trim(" \t\r\n"u8).IsEmpty)
        {
            return null;
        }

        try
        {
            return JsonNode.Parse(body, documentOptions: s_strict);
        }
        catch (JsonException error)
        {
            // The parser's text quotes the answer.
            throw new VapiApiException(VapiFailure.Unreadable, $"{request}: the answer ({status}, {body.Length} bytes) is no JSON (line {error.LineNumber}, byte {error.BytePositionInLine}).")
            {
                Status = status,
                OutcomeIsUnknown = request.IsWrite,
            };
        }
    }

    private static VapiApiException NoAnswer(VapiRequest request, Exception error)
    {
        var kind = (error as HttpRequestException)?.HttpRequestError ?? HttpRequestError.ResponseEnded;
        var neverSent = kind is HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError;
        return new VapiApiException(VapiFailure.Unavailable, $"{request}: {(neverSent ? "no connection" : "the connection broke")} ({kind}).", error)
        {
            MayPass = true,
            OutcomeIsUnknown = request.IsWrite && !neverSent,
        };
    }

    private VapiApiException Refused(VapiRequest request, HttpResponseMessage answer, byte[] body)
    {
        var status = (int)answer.StatusCode;
        var said = ErrorAnswer.Read(body);
        var secrets = new Secrets(_key, request.Body);
        var messages = said.Messages.Select(secrets.Hide).ToArray();
        var error = said.Error is null ? null : secrets.Hide(said.Error);
        var words = messages.Length > 0 ? string.Join("; ", messages) : error ?? answer.StatusCode.ToString();
        return new VapiApiException(FailureOf(status, said.IsPage), $"{request}: {status}{(said.IsPage ? ", a web page" : string.Empty)}: {words}")
        {
            Status = status,
            Messages = messages,
            Error = error,
            RetryAfter = RetryAfter(answer.Headers.RetryAfter),
            MayPass = status is 429 or 502 or 503 or 504,
            OutcomeIsUnknown = request.IsWrite && status >= 500,
        };
    }

    // A web page is a gateway's, not Vapi's: its 403 says nothing of the key and its 404 nothing of the object.
    private static VapiFailure FailureOf(int status, bool isPage) => status switch
    {
        429 => VapiFailure.RateLimited,
        >= 500 => VapiFailure.Unavailable,
        403 or 404 when isPage => VapiFailure.Unavailable,
        401 or 403 => VapiFailure.Auth,
        404 => VapiFailure.NotFound,
        409 => VapiFailure.Conflict,
        >= 400 => VapiFailure.Rejected,
        _ => VapiFailure.Unreadable,
    };

    private TimeSpan? RetryAfter(RetryConditionHeaderValue? asked)
    {
        var wait = asked?.Delta ?? (asked?.Date - _time.GetUtcNow());
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }
}
