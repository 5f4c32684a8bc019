using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;
using Polly.Timeout;
using ToolBackend.Vapi.Definitions;
using ToolBackend.Vapi.Rest;

namespace ToolBackend.Vapi.Twilio;

/// <summary>Requests to Twilio with their attempts, deadlines and waits. Only for requests that may be repeated.</summary>
internal sealed partial class TwilioTransport : IDisposable
{
    private static readonly JsonDocumentOptions s_strict = new() { AllowDuplicateProperties = false };

    private readonly TwilioClientOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly HttpClient _http;
    private readonly AuthenticationHeaderValue _authorization;
    private readonly Rest.Secrets _secrets;
    private readonly ConcurrencyLimiter _seats;
    private readonly ResiliencePipeline _attempt;
    private readonly ResiliencePipeline _request;

    public TwilioTransport(TwilioClientOptions options, TimeProvider time, ILogger logger, HttpMessageHandler? handler)
    {
        (_options, _time, _logger) = (options, time, logger);
        var basic = Convert.ToBase64String(Encoding.ASCII.GetBytes($"{options.User}:{options.Password}"));
        _authorization = new AuthenticationHeaderValue("Basic", basic);
        _secrets = new Rest.Secrets(options.Password, new JsonObject { ["authorization"] = basic });
        _seats = new ConcurrencyLimiter(new ConcurrencyLimiterOptions { PermitLimit = options.MaxInFlight, QueueLimit = options.MaxWaiting });
        _http = new HttpClient(handler ?? NewHandler(options))
        {
            BaseAddress = new Uri(options.BaseUrl.TrimEnd('/') + "/"),
            // Deadlines are the pipelines': this one would look like a cancellation.
            Timeout = Timeout.InfiniteTimeSpan,
        };
        _http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("ToolBackend", null));
        _http.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        _attempt = new ResiliencePipelineBuilder { TimeProvider = time }.AddTimeout(options.AttemptTimeout).Build();
        var request = new ResiliencePipelineBuilder { TimeProvider = time }.AddTimeout(options.TotalTimeout);
        _request = options.MaxAttempts == 1 ? request.Build() : request.AddRetry(Retries()).Build();
    }

    /// <param name="target">Path and query, without a slash in front.</param>
    /// <param name="form">Null for a request without a body.</param>
    /// <exception cref="TwilioApiException">Twilio did not do it.</exception>
    public async Task<JsonObject> SendAsync(HttpMethod method, string target, IReadOnlyList<KeyValuePair<string, string>>? form, CancellationToken cancellation)
    {
        var request = new Request(method, target, form);
        try
        {
            return await _request.ExecuteAsync(token => AttemptAsync(request, token), cancellation);
        }
        catch (TwilioApiException failure)
        {
            failure.Attempts = request.Attempts;
            throw;
        }
        catch (TimeoutRejectedException late)
        {
            var why = request.LastFailure is { } last ? " The last attempt: " + last.Message : string.Empty;
            throw new TwilioApiException(TwilioFailure.Unavailable, $"{request}: not done within {_options.TotalTimeout.TotalSeconds:0.###} s and {request.Attempts} attempts.{why}", late)
            {
                Status = request.LastFailure?.Status,
                Code = request.LastFailure?.Code,
                Attempts = request.Attempts,
            };
        }
    }

    public void Dispose()
    {
        _http.Dispose();
        _seats.Dispose();
    }

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

    private async ValueTask<JsonObject> AttemptAsync(Request request, CancellationToken cancellation)
    {
        using var seat = await _seats.AcquireAsync(1, cancellation);
        if (!seat.IsAcquired)
        {
            throw new TwilioApiException(TwilioFailure.RateLimited, $"{request}: {_options.MaxWaiting} requests wait for their turn already.");
        }

        request.Attempts++;
        try
        {
            return await _attempt.ExecuteAsync(token => ExchangeAsync(request, token), cancellation);
        }
        catch (TimeoutRejectedException late)
        {
            throw request.LastFailure = new TwilioApiException(TwilioFailure.Unavailable, $"{request}: no answer within {_options.AttemptTimeout.TotalSeconds:0.###} s.", late) { MayPass = true };
        }
        catch (TwilioApiException failure)
        {
            request.LastFailure = failure;
            throw;
        }
    }

    private async ValueTask<JsonObject> ExchangeAsync(Request request, CancellationToken cancellation)
    {
        try
        {
            using var message = new HttpRequestMessage(request.Method, request.Target);
            message.Headers.Authorization = _authorization;
            message.Content = request.Form is { } form ? new FormUrlEncodedContent(form) : null;
            using var answer = await _http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellation);
            await answer.Content.LoadIntoBufferAsync(_options.MaxAnswerBytes, cancellation);
            var body = await answer.Content.ReadAsByteArrayAsync(cancellation);
            return answer.IsSuccessStatusCode ? Parse(request, (int)answer.StatusCode, body) : throw Refused(request, answer, body);
        }
        catch (HttpRequestException error) when (error.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded)
        {
            throw new TwilioApiException(TwilioFailure.Unreadable, $"{request}: the answer has more than {_options.MaxAnswerBytes} bytes.", error);
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            var kind = (error as HttpRequestException)?.HttpRequestError ?? HttpRequestError.ResponseEnded;
            throw new TwilioApiException(TwilioFailure.Unavailable, $"{request}: no answer ({kind}).", error) { MayPass = true };
        }
    }

    private static JsonObject Parse(Request request, int status, byte[] body)
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
            throw new TwilioApiException(TwilioFailure.Unreadable, $"{request}: the answer ({status}, {body.Length} bytes) is no JSON (line {error.LineNumber}, byte {error.BytePositionInLine}).") { Status = status };
        }

        throw new TwilioApiException(TwilioFailure.Unreadable, $"{request}: the answer is no JSON object.") { Status = status };
    }

    private TwilioApiException Refused(Request request, HttpResponseMessage answer, byte[] body)
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

    private RetryStrategyOptions Retries() => new()
    {
        MaxRetryAttempts = _options.MaxAttempts - 1,
        BackoffType = DelayBackoffType.Exponential,
        UseJitter = true,
        Delay = _options.RetryDelay,
        MaxDelay = _options.MaxRetryDelay,
        ShouldHandle = arguments => ValueTask.FromResult(
            arguments.Outcome.Exception is TwilioApiException { MayPass: true } failure && !(failure.RetryAfter > _options.MaxRetryDelay)),
        DelayGenerator = arguments => ValueTask.FromResult<TimeSpan?>(
            arguments.Outcome.Exception is TwilioApiException { RetryAfter: { } asked } ? asked + Jitter() : null),
        OnRetry = arguments =>
        {
            if (arguments.Outcome.Exception is TwilioApiException failure)
            {
                LogRepeated(failure.Failure, failure.Status, arguments.AttemptNumber + 1, arguments.RetryDelay.TotalSeconds);
            }

            return ValueTask.CompletedTask;
        },
    };

    // Never earlier than asked, and not all of a fleet at the same moment.
    private TimeSpan Jitter() => _options.RetryDelay * (RandomNumberGenerator.GetInt32(1000) / 1000.0);

    [LoggerMessage(3002, LogLevel.Warning, "Twilio's REST API: {Failure} (status {Status}) at attempt {Attempt}; the next one in {Seconds:0.0} s")]
    private partial void LogRepeated(TwilioFailure failure, int? status, int attempt, double seconds);

    /// <summary>One request with what is known of its attempts so far.</summary>
    private sealed class Request(HttpMethod method, string target, IReadOnlyList<KeyValuePair<string, string>>? form)
    {
        public HttpMethod Method => method;

        public string Target => target;

        public IReadOnlyList<KeyValuePair<string, string>>? Form => form;

        public int Attempts { get; set; }

        public TwilioApiException? LastFailure { get; set; }

        // Without the query: a list may be asked for by number.
        public override string ToString() => $"{method} /{target.Split('?')[0]}";
    }
}
