using System.Security.Cryptography;
using System.Threading.RateLimiting;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace ToolBackend.Vapi.Rest;

/// <summary>Attempts, their deadlines and waits, and the limits that all requests of a client share. What an attempt does on the wire is the caller's.</summary>
/// <remarks>
/// <code>
/// RunAsync       total deadline > repeated after a failure that may pass, as late as Retry-After says
/// AttemptAsync   a seat, a turn > the attempt's deadline > the exchange
/// </code>
/// </remarks>
internal sealed class RestPipeline : IDisposable
{
    private readonly RestLimits _limits;
    private readonly RateLimiter? _turns;
    private readonly Action<Exception, int, TimeSpan> _onRepeat;
    private readonly ConcurrencyLimiter _seats;
    private readonly ResiliencePipeline _attempt;
    private readonly ResiliencePipeline _once;
    private readonly ResiliencePipeline _repeated;

    /// <param name="turns">How many attempts may begin in a time; null for no limit. Disposed of with this.</param>
    /// <param name="onRepeat">Told of each failure that is repeated, with the attempt's number and the wait.</param>
    public RestPipeline(RestLimits limits, RateLimiter? turns, TimeProvider time, Action<Exception, int, TimeSpan> onRepeat)
    {
        (_limits, _turns, _onRepeat) = (limits, turns, onRepeat);
        _seats = new ConcurrencyLimiter(new ConcurrencyLimiterOptions { PermitLimit = limits.MaxInFlight, QueueLimit = limits.MaxWaiting });
        _attempt = new ResiliencePipelineBuilder { TimeProvider = time }.AddTimeout(limits.AttemptTimeout).Build();
        _once = new ResiliencePipelineBuilder { TimeProvider = time }.AddTimeout(limits.TotalTimeout).Build();
        _repeated = limits.MaxAttempts == 1 ? _once : new ResiliencePipelineBuilder { TimeProvider = time }.AddTimeout(limits.TotalTimeout).AddRetry(Retries()).Build();
    }

    /// <param name="mayRepeat">False for what must not be done twice.</param>
    /// <param name="work">One try, which calls <see cref="AttemptAsync"/>.</param>
    public async Task<T> RunAsync<T>(IRestRequest request, bool mayRepeat, Func<CancellationToken, ValueTask<T>> work, CancellationToken cancellation)
    {
        try
        {
            return await (mayRepeat ? _repeated : _once).ExecuteAsync(work, cancellation);
        }
        catch (TimeoutRejectedException late)
        {
            var why = request.LastFailure is { } last ? " The last attempt: " + last.Message : string.Empty;
            throw request.NotDone($"{request}: not done within {_limits.TotalTimeout.TotalSeconds:0.###} s and {request.Attempts} attempts.{why}", late);
        }
    }

    public async ValueTask<T> AttemptAsync<T>(IRestRequest request, Func<CancellationToken, ValueTask<T>> exchange, CancellationToken cancellation)
    {
        using var seat = await _seats.AcquireAsync(1, cancellation);
        using var turn = seat.IsAcquired && _turns is not null ? await _turns.AcquireAsync(1, cancellation) : null;
        if (!seat.IsAcquired || turn is { IsAcquired: false })
        {
            throw request.Crowded($"{request}: {_limits.MaxWaiting} requests wait for their turn already.");
        }

        request.Attempts++;
        try
        {
            return await _attempt.ExecuteAsync(exchange, cancellation);
        }
        catch (TimeoutRejectedException late)
        {
            throw request.Unanswered($"{request}: no answer within {_limits.AttemptTimeout.TotalSeconds:0.###} s.", late);
        }
    }

    public void Dispose()
    {
        _seats.Dispose();
        _turns?.Dispose();
    }

    private RetryStrategyOptions Retries() => new()
    {
        MaxRetryAttempts = _limits.MaxAttempts - 1,
        BackoffType = DelayBackoffType.Exponential,
        UseJitter = true,
        Delay = _limits.RetryDelay,
        MaxDelay = _limits.MaxRetryDelay,
        ShouldHandle = arguments => ValueTask.FromResult(arguments.Outcome.Exception is IRestFailure { MayPass: true } failure && !(failure.RetryAfter > _limits.MaxRetryDelay)),
        DelayGenerator = arguments => ValueTask.FromResult<TimeSpan?>(arguments.Outcome.Exception is IRestFailure { RetryAfter: { } asked } ? asked + Jitter() : null),
        OnRetry = arguments =>
        {
            if (arguments.Outcome.Exception is { } failure)
            {
                _onRepeat(failure, arguments.AttemptNumber + 1, arguments.RetryDelay);
            }

            return ValueTask.CompletedTask;
        },
    };

    // Never earlier than asked, and not all of a fleet at the same moment.
    private TimeSpan Jitter() => _limits.RetryDelay * (RandomNumberGenerator.GetInt32(1000) / 1000.0);
}
