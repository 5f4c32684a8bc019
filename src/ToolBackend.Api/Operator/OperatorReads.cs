using System.Threading.RateLimiting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;
using ToolBackend.Core.Data.Model;
using ToolBackend.Core.Resilience;

namespace ToolBackend.Api.Operator;

/// <summary>
/// The operator's way to Postgres: few at once, so that a dashboard left open cannot take the connections that callers need, and each
/// within <see cref="OperatorOptions.DeadlineMilliseconds"/>.
/// </summary>
public sealed class OperatorReads(IDbContextFactory<ToolBackendDb> contexts, IOptions<OperatorOptions> options, TimeProvider time) : IDisposable
{
    private const int AtOnce = 4;
    private const int Waiting = 16;

    private readonly TimeSpan _deadline = TimeSpan.FromMilliseconds(options.Value.DeadlineMilliseconds);
    private readonly TimeSpan _statsDeadline = TimeSpan.FromMilliseconds(options.Value.StatsDeadlineMilliseconds);
    private readonly ConcurrencyLimiter _limiter = new(new ConcurrencyLimiterOptions { PermitLimit = AtOnce, QueueLimit = Waiting, QueueProcessingOrder = QueueProcessingOrder.OldestFirst });

    /// <exception cref="UpstreamException">Postgres failed or did not answer in time, or too many reads wait already.</exception>
    public Task<T> RunAsync<T>(Func<ToolBackendDb, CancellationToken, Task<T>> read, CancellationToken aborted) => RunAsync(read, _deadline, aborted);

    /// <summary>The same for statistics, with their own deadline.</summary>
    /// <exception cref="UpstreamException">Postgres failed or did not answer in time, or too many reads wait already.</exception>
    public Task<T> RunStatsAsync<T>(Func<ToolBackendDb, CancellationToken, Task<T>> read, CancellationToken aborted) => RunAsync(read, _statsDeadline, aborted);

    private async Task<T> RunAsync<T>(Func<ToolBackendDb, CancellationToken, Task<T>> read, TimeSpan allowed, CancellationToken aborted)
    {
        await using var db = await contexts.CreateDbContextAsync(aborted);
        _ = db.Model; // built once per process, and not at the expense of the first request's deadline

        using var timeout = new CancellationTokenSource(allowed, time);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(aborted, timeout.Token);
        try
        {
            using var permit = await _limiter.AcquireAsync(1, deadline.Token);
            if (!permit.IsAcquired)
            {
                throw new UpstreamException("Postgres", UpstreamFailure.Busy);
            }

            db.Database.SetCommandTimeout(allowed);
            return await read(db, deadline.Token);
        }
        catch (Exception e) when (!aborted.IsCancellationRequested && IsFailureOfPostgres(e))
        {
            throw new UpstreamException("Postgres", UpstreamFailure.Unavailable, e);
        }
    }

    public void Dispose() => _limiter.Dispose();

    /// <summary>EF wraps what it calls a transient failure in an <see cref="InvalidOperationException"/>.</summary>
    private static bool IsFailureOfPostgres(Exception e) => e switch
    {
        // A statement that Postgres refuses for what it says is a bug of ours.
        PostgresException { SqlState: [not ('0' or '2' or '4'), ..] } => true,
        PostgresException { SqlState: PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure } => true,
        PostgresException => false,
        NpgsqlException or OperationCanceledException or TimeoutException => true,
        InvalidOperationException { InnerException: { } inner } => IsFailureOfPostgres(inner),
        _ => false,
    };
}
