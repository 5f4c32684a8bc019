using System.Security.Cryptography;
using System.Text.Json.Nodes;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace ToolBackend.Vapi.Rest;

/// <summary>Attempts, their deadlines and waits, and the two limits that all requests of a client share.</summary>
internal sealed partial class VapiTransport : IDisposable
{
    private static readonly TimeSpan s_lastLookUp = TimeSpan.FromSeconds(30);

    private readonly VapiClientOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly VapiExchange _exchange;
    private readonly ConcurrencyLimiter _seats;
    private readonly TokenBucketRateLimiter _turns;
    private readonly ResiliencePipeline _attempt;
    private readonly ResiliencePipeline _once;
    private readonly ResiliencePipeline _request;

    public VapiTransport(VapiClientOptions options, TimeProvider time, ILogger logger, HttpMessageHandler? handler)
    {
        (_options, _time, _logger) = (options, time, logger);
        _exchange = new VapiExchange(options, time, handler);
        _seats = new ConcurrencyLimiter(new ConcurrencyLimiterOptions { PermitLimit = options.MaxInFlight, QueueLimit = options.MaxWaiting });
        _turns = new TokenBucketRateLimiter(new TokenBucketRateLimiterOptions
        {
            TokenLimit = 1,
            TokensPerPeriod = 1,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1 / options.RequestsPerSecond),
            QueueLimit = options.MaxInFlight,
        });
        _attempt = new ResiliencePipelineBuilder { TimeProvider = time }.AddTimeout(options.AttemptTimeout).Build();
        _once = new ResiliencePipelineBuilder { TimeProvider = time }.AddTimeout(options.TotalTimeout).Build();
        _request = options.MaxAttempts == 1 ? _once : new ResiliencePipelineBuilder { TimeProvider = time }.AddTimeout(options.TotalTimeout).AddRetry(Retries()).Build();
    }

    /// <summary>The answer's JSON, null for an empty one. Tried again when that may help: for requests that may be repeated.</summary>
    public Task<JsonNode?> SendAsync(VapiRequest request, CancellationToken cancellation) =>
        RunAsync(_request, request, token => AttemptAsync(request, token), cancellation);

    public async Task<JsonObject> CreateAsync(VapiRequest request, Func<CancellationToken, Task<JsonObject?>>? findExisting, CancellationToken cancellation)
    {
        try
        {
            return await RunAsync(findExisting is null ? _once : _request, request, AttemptOrFindAsync, cancellation);
        }
        catch (VapiApiException failure) when (findExisting is not null && request.MayBeDone)
        {
            using var deadline = new CancellationTokenSource(s_lastLookUp, _time);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, deadline.Token);
            return await LastLookUpAsync(findExisting, failure, both.Token, cancellation);
        }

        async ValueTask<JsonObject> AttemptOrFindAsync(CancellationToken token)
        {
            var existing = request.Attempts > 0 ? await findExisting!(token) : null;
            return existing ?? request.ObjectOf(await AttemptAsync(request, token));
        }
    }

    public void Dispose()
    {
        _exchange.Dispose();
        _seats.Dispose();
        _turns.Dispose();
    }

    private static async Task<JsonObject> LastLookUpAsync(
        Func<CancellationToken, Task<JsonObject?>> findExisting, VapiApiException failure, CancellationToken deadline, CancellationToken cancellation)
    {
        try
        {
            return await findExisting(deadline) ?? throw failure;
        }
        catch (Exception second) when (second is VapiApiException or OperationCanceledException && second != failure && !cancellation.IsCancellationRequested)
        {
            throw new VapiApiException(failure.Failure, failure.Message + " Whether it was done could not be looked up either.", new AggregateException(failure, second))
            {
                Status = failure.Status,
                Messages = failure.Messages,
                Error = failure.Error,
                RetryAfter = failure.RetryAfter,
                Attempts = failure.Attempts,
                OutcomeIsUnknown = true,
            };
        }
    }

    private async Task<T> RunAsync<T>(ResiliencePipeline pipeline, VapiRequest request, Func<CancellationToken, ValueTask<T>> attempt, CancellationToken cancellation)
    {
        try
        {
            return await pipeline.ExecuteAsync(attempt, cancellation);
        }
        catch (VapiApiException failure)
        {
            failure.Attempts = request.Attempts;
            failure.OutcomeIsUnknown |= request.MayBeDone;
            throw;
        }
        catch (TimeoutRejectedException late)
        {
            var why = request.LastFailure is { } last ? " The last attempt: " + last.Message : string.Empty;
            throw new VapiApiException(VapiFailure.Unavailable, $"{request}: not done within {_options.TotalTimeout.TotalSeconds:0.###} s and {request.Attempts} attempts.{why}", late)
            {
                Status = request.LastFailure?.Status,
                Attempts = request.Attempts,
                OutcomeIsUnknown = request.IsWrite && request.Attempts > 0,
            };
        }
    }

    private async ValueTask<JsonNode?> AttemptAsync(VapiRequest request, CancellationToken cancellation)
    {
        using var seat = await _seats.AcquireAsync(1, cancellation);
        using var turn = seat.IsAcquired ? await _turns.AcquireAsync(1, cancellation) : seat;
        if (!turn.IsAcquired)
        {
            throw new VapiApiException(VapiFailure.RateLimited, $"{request}: {_options.MaxWaiting} requests wait for their turn already.");
        }

        request.Attempts++;
        try
        {
            return await _attempt.ExecuteAsync(static (state, token) => state._exchange.RunAsync(state.request, token), (_exchange, request), cancellation);
        }
        catch (TimeoutRejectedException late)
        {
            throw request.Failed(new VapiApiException(VapiFailure.Unavailable, $"{request}: no answer within {_options.AttemptTimeout.TotalSeconds:0.###} s.", late)
            {
                MayPass = true,
                OutcomeIsUnknown = request.IsWrite,
            });
        }
        catch (VapiApiException failure)
        {
            request.Failed(failure);
            throw;
        }
    }

    private RetryStrategyOptions Retries() => new()
    {
        MaxRetryAttempts = _options.MaxAttempts - 1,
        BackoffType = DelayBackoffType.Exponential,
        UseJitter = true,
        Delay = _options.RetryDelay,
        MaxDelay = _options.MaxRetryDelay,
        ShouldHandle = arguments => ValueTask.FromResult(
            arguments.Outcome.Exception is VapiApiException { MayPass: true } failure && !(failure.RetryAfter > _options.MaxRetryDelay)),
        DelayGenerator = arguments => ValueTask.FromResult<TimeSpan?>(
            arguments.Outcome.Exception is VapiApiException { RetryAfter: { } asked } ? asked + Jitter() : null),
        OnRetry = arguments =>
        {
            if (arguments.Outcome.Exception is VapiApiException failure)
            {
                LogRepeated(failure.Failure, failure.Status, arguments.AttemptNumber + 1, arguments.RetryDelay.TotalSeconds);
            }

            return ValueTask.CompletedTask;
        },
    };

    // Never earlier than asked, and not all of a fleet at the same moment.
    private TimeSpan Jitter() => _options.RetryDelay * (RandomNumberGenerator.GetInt32(1000) / 1000.0);

    [LoggerMessage(3001, LogLevel.Warning, "Vapi's REST API: {Failure} (status {Status}) at attempt {Attempt}; the next one in {Seconds:0.0} s")]
    private partial void LogRepeated(VapiFailure failure, int? status, int attempt, double seconds);
}
