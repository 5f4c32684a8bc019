using System.Text.Json.Nodes;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Logging;

namespace ToolBackend.Vapi.Rest;

/// <summary>Requests to Vapi: what may be repeated is, and what must not be done twice is looked up before it is tried again.</summary>
internal sealed partial class VapiTransport : IDisposable
{
    private static readonly TimeSpan s_lastLookUp = TimeSpan.FromSeconds(30);

    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly VapiExchange _exchange;
    private readonly RestPipeline _pipeline;

    public VapiTransport(VapiClientOptions options, TimeProvider time, ILogger logger, HttpMessageHandler? handler)
    {
        (_time, _logger) = (time, logger);
        _exchange = new VapiExchange(options, time, handler);
        var turns = new TokenBucketRateLimiter(new TokenBucketRateLimiterOptions
        {
            TokenLimit = 1,
            TokensPerPeriod = 1,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1 / options.RequestsPerSecond),
            QueueLimit = options.MaxInFlight,
        });
        _pipeline = new RestPipeline(
            new RestLimits(options.MaxAttempts, options.AttemptTimeout, options.TotalTimeout, options.RetryDelay, options.MaxRetryDelay, options.MaxInFlight, options.MaxWaiting), turns, time, OnRepeat);
    }

    /// <summary>The answer's JSON, null for an empty one. Tried again when that may help: for requests that may be repeated.</summary>
    public Task<JsonNode?> SendAsync(VapiRequest request, CancellationToken cancellation) =>
        RunAsync(mayRepeat: true, request, token => AttemptAsync(request, token), cancellation);

    public async Task<JsonObject> CreateAsync(VapiRequest request, Func<CancellationToken, Task<JsonObject?>>? findExisting, CancellationToken cancellation)
    {
        try
        {
            return await RunAsync(mayRepeat: findExisting is not null, request, AttemptOrFindAsync, cancellation);
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
        _pipeline.Dispose();
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

    private async Task<T> RunAsync<T>(bool mayRepeat, VapiRequest request, Func<CancellationToken, ValueTask<T>> attempt, CancellationToken cancellation)
    {
        try
        {
            return await _pipeline.RunAsync(request, mayRepeat, attempt, cancellation);
        }
        catch (VapiApiException failure)
        {
            failure.Attempts = request.Attempts;
            failure.OutcomeIsUnknown |= request.MayBeDone;
            throw;
        }
    }

    private async ValueTask<JsonNode?> AttemptAsync(VapiRequest request, CancellationToken cancellation)
    {
        try
        {
            return await _pipeline.AttemptAsync(request, token => _exchange.RunAsync(request, token), cancellation);
        }
        catch (VapiApiException failure)
        {
            request.Failed(failure);
            throw;
        }
    }

    private void OnRepeat(Exception failed, int attempt, TimeSpan wait)
    {
        if (failed is VapiApiException failure)
        {
            LogRepeated(failure.Failure, failure.Status, attempt, wait.TotalSeconds);
        }
    }

    [LoggerMessage(3001, LogLevel.Warning, "Vapi's REST API: {Failure} (status {Status}) at attempt {Attempt}; the next one in {Seconds:0.0} s")]
    private partial void LogRepeated(VapiFailure failure, int? status, int attempt, double seconds);
}
