using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ToolBackend.Vapi.Definitions;
using ToolBackend.Vapi.Rest;

namespace ToolBackend.Vapi.Twilio;

/// <summary>One attempt on the wire: request out, answer in, failure named.</summary>
internal sealed class TwilioExchange : IDisposable
{
    private static readonly JsonDocumentOptions s_strict = new() { AllowDuplicateProperties = false };

    private readonly TimeProvider _time;
    private readonly HttpClient _http;
    private readonly AuthenticationHeaderValue _authorization;
    private readonly Rest.Secrets _secrets;
    private readonly int _mostBytes;

    public TwilioExchange(TwilioClientOptions options, TimeProvider time, HttpMessageHandler? handler)
    {
        (_time, _mostBytes) = (time, options.MaxAnswerBytes);
        var basic = Convert.ToBase64String(Encoding.ASCII.GetBytes($"{options.User}:{options.Password}"));
        _authorization = new AuthenticationHeaderValue("Basic", basic);
        _secrets = new Rest.Secrets(options.Password, new JsonObject { ["authorization"] = basic });
        _http = new HttpClient(handler ?? NewHandler(options))
        {
            BaseAddress = new Uri(options.BaseUrl.TrimEnd('/') + "/"),
            // Deadlines are the pipeline's: this one would look like a cancellation.
            Timeout = Timeout.InfiniteTimeSpan,
        };
        _http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("ToolBackend", null));
        _http.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
    }

    /// <exception cref="TwilioApiException">Twilio did not do it.</exception>
    public async ValueTask<JsonObject> RunAsync(TwilioRequest request, CancellationToken cancellation)
    {
        try
        {
            using var message = new HttpRequestMessage(request.Method, request.Target);
            message.Headers.Authorization = _authorization;
            message.Content = request.Form is { } form ? new FormUrlEncodedContent(form) : null;
            using var answer = await _http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellation);
            await answer.Content.LoadIntoBufferAsync(_mostBytes, cancellation);
            var body = await answer.Content.ReadAsByteArrayAsync(cancellation);
            return answer.IsSuccessStatusCode ? Parse(request, (int)answer.StatusCode, body) : throw Refused(request, answer, body);
        }
        catch (HttpRequestException error) when (error.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded)
        {
            throw new TwilioApiException(TwilioFailure.Unreadable, $"{request}: the answer has more than {_mostBytes} bytes.", error) { OutcomeIsUnknown = request.IsWrite };
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            var kind = (error as HttpRequestException)?.HttpRequestError ?? HttpRequestError.ResponseEnded;
            var neverSent = kind is HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError;
            throw new TwilioApiException(TwilioFailure.Unavailable, $"{request}: no answer ({kind}).", error) { MayPass = true, OutcomeIsUnknown = request.IsWrite && !neverSent };
        }
    }

    public void Dispose() => _http.Dispose();

    private static SocketsHttpHandler NewHandler(TwilioClientOptions options) => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.All,
        ConnectTimeout = options.AttemptTimeout,
        // Twilio's addresses change; a pooled connection would not notice.
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        MaxConnectionsPerServer = options.MaxInFlight,
    };

    private static JsonObject Parse(TwilioRequest request, int status, byte[] body)
    {
        try
        {
            if (JsonNode.Parse(body, documentOptions: s_strict) is JsonObject members)
            {
                return members;
            }
        }
        catch (JsonException error)
        {
            // The parser's text quotes the answer.
            throw new TwilioApiException(TwilioFailure.Unreadable, $"{request}: the answer ({status}, {body.Length} bytes) is no JSON (line {error.LineNumber}, byte {error.BytePositionInLine}).") { Status = status, OutcomeIsUnknown = request.IsWrite };
        }

        throw new TwilioApiException(TwilioFailure.Unreadable, $"{request}: the answer is no JSON object.") { Status = status, OutcomeIsUnknown = request.IsWrite };
    }

    private TwilioApiException Refused(TwilioRequest request, HttpResponseMessage answer, byte[] body)
    {
        var status = (int)answer.StatusCode;
        var said = ErrorAnswer.Read(body);
        var code = CodeIn(body);
        var words = said.Messages.Count > 0 ? _secrets.Hide(string.Join("; ", said.Messages)) : answer.StatusCode.ToString();
        return new TwilioApiException(FailureOf(status, said.IsPage), $"{request}: {status}{(said.IsPage ? ", a web page" : string.Empty)}{(code is null ? string.Empty : $", error {code}")}: {words}")
        {
            Status = status,
            Code = code,
            RetryAfter = RetryAfter(answer.Headers.RetryAfter),
            MayPass = status is 429 or >= 500,
            OutcomeIsUnknown = request.IsWrite && status >= 500,
        };
    }

    // A web page is a gateway's, not Twilio's: its 403 says nothing of the token and its 404 nothing of the number.
    private static TwilioFailure FailureOf(int status, bool isPage) => status switch
    {
        429 => TwilioFailure.RateLimited,
        >= 500 => TwilioFailure.Unavailable,
        403 or 404 when isPage => TwilioFailure.Unavailable,
        401 or 403 => TwilioFailure.Auth,
        404 => TwilioFailure.NotFound,
        >= 400 => TwilioFailure.Rejected,
        _ => TwilioFailure.Unreadable,
    };

    private static int? CodeIn(byte[] body)
    {
        try
        {
            return JsonNode.Parse(body).NumberAt("code") is { } code and >= 0 and <= int.MaxValue ? (int)code : null;
        }
        catch (Exception error) when (error is JsonException or ArgumentException or InvalidOperationException)
        {
            // No JSON, a name that comes twice, or a text with half a character: then there is no code to tell.
            return null;
        }
    }

    private TimeSpan? RetryAfter(RetryConditionHeaderValue? asked)
    {
        var wait = asked?.Delta ?? (asked?.Date - _time.GetUtcNow());
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }
}
