using System.Net.Sockets;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;
using Npgsql;
using ToolBackend.Core.Observability;
using ToolBackend.Core.Resilience;

namespace ToolBackend.Core.Data;

/// <summary>
/// The one door to Postgres: bounded waiting, deadlines, retries of what is safe to retry, and one exception type for what failed.
/// </summary>
public sealed class Database : IDisposable
{
    private const int MaxTries = 4;
    private const string Name = "Postgres";

    private readonly NpgsqlDataSource _source;
    private readonly DatabaseOptions _options;
    private readonly TimeProvider _time;
    private readonly Random _random;
    private readonly ConcurrencyLimiter _limiter;

    public Database(NpgsqlDataSource source, IOptions<DatabaseOptions> options, TimeProvider time, Random random)
    {
        _source = source;
        _options = options.Value;
        _time = time;
        _random = random;
        _limiter = new ConcurrencyLimiter(new ConcurrencyLimiterOptions
        {
            PermitLimit = _options.MaxConnections,
            QueueLimit = _options.MaxWaiting,
            QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
        });
    }

    /// <summary>Runs a read on a pooled connection, outside any transaction.</summary>
    /// <exception cref="UpstreamException">Postgres failed, refused or did not answer in time.</exception>
    public async Task<T> ReadAsync<T>(Func<NpgsqlConnection, CancellationToken, Task<T>> read, CancellationToken cancellation = default)
    {
        using var deadline = new Deadline(TimeSpan.FromMilliseconds(_options.ReadTimeoutMilliseconds), _time, cancellation);
        try
        {
            using var permit = await AcquireAsync(deadline.Token).ConfigureAwait(false);
            var connection = await _source.OpenConnectionAsync(deadline.Token).ConfigureAwait(false);
            await using var _ = connection.ConfigureAwait(false);
            return await read(connection, deadline.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (Classify(e) is { } failure)
        {
            throw new UpstreamException(Name, failure, e);
        }
    }

    /// <summary>
    /// Runs work in one transaction and commits it. The work may run several times: after a deadlock, a serialization failure or a lost
    /// connection it starts anew, so it must decide everything from what it reads inside the transaction.
    /// </summary>
    /// <remarks>
    /// A connection lost during COMMIT leaves the outcome unknown. Running the work again is the answer only because it begins by
    /// inserting its ledger row: that insert waits for a commit still under way and then finds the finished row.
    /// </remarks>
    /// <exception cref="UpstreamException">Nothing was committed, unless <see cref="UpstreamException.OutcomeIsUnknown"/> says so.</exception>
    public async Task<T> WriteAsync<T>(Func<NpgsqlConnection, NpgsqlTransaction, CancellationToken, Task<T>> work, CancellationToken cancellation = default)
    {
        using var deadline = new Deadline(TimeSpan.FromMilliseconds(_options.WriteTimeoutMilliseconds), _time, cancellation);
        var commitSent = false;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await TryWriteAsync(work, () => commitSent = true, deadline.Token).ConfigureAwait(false);
            }
            catch (Exception e) when (Classify(e) is { } failure)
            {
                if (e is PostgresException)
                {
                    commitSent = false; // the server said what became of it
                }

                if (failure is not UpstreamFailure.Transient || attempt == MaxTries || deadline.Token.IsCancellationRequested)
                {
                    throw new UpstreamException(Name, failure is UpstreamFailure.Transient ? UpstreamFailure.Unavailable : failure, e) { OutcomeIsUnknown = commitSent };
                }

                Telemetry.WriteRetries.Add(1, new KeyValuePair<string, object?>(Telemetry.Tag.Reason, (e as PostgresException)?.SqlState ?? "connection"));
                await Task.Delay(TimeSpan.FromMilliseconds(5 * attempt + _random.Next(10 * attempt)), _time, deadline.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    public void Dispose() => _limiter.Dispose();

    private async Task<T> TryWriteAsync<T>(Func<NpgsqlConnection, NpgsqlTransaction, CancellationToken, Task<T>> work, Action committing, CancellationToken cancellation)
    {
        using var permit = await AcquireAsync(cancellation).ConfigureAwait(false);
        var connection = await _source.OpenConnectionAsync(cancellation).ConfigureAwait(false);
        await using var _ = connection.ConfigureAwait(false);
        var transaction = await connection.BeginTransactionAsync(cancellation).ConfigureAwait(false);
        await using var __ = transaction.ConfigureAwait(false);
        var result = await work(connection, transaction, cancellation).ConfigureAwait(false);

        // Not cancelled: a cancelled COMMIT has an unknown outcome, a slow one has a command timeout.
        committing();
        await transaction.CommitAsync(CancellationToken.None).ConfigureAwait(false);
        return result;
    }

    private async ValueTask<RateLimitLease> AcquireAsync(CancellationToken cancellation)
    {
        var lease = await _limiter.AcquireAsync(1, cancellation).ConfigureAwait(false);
        return lease.IsAcquired ? lease : throw new UpstreamException(Name, UpstreamFailure.Busy);
    }

    /// <summary>Null for what is not Postgres's failure: a bug stays a bug.</summary>
    private static UpstreamFailure? Classify(Exception e) => e switch
    {
        UpstreamException => null,
        PostgresException p => p.SqlState switch
        {
            PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure => UpstreamFailure.Transient,
            PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow => UpstreamFailure.Transient,
            PostgresErrorCodes.TooManyConnections or PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.QueryCanceled => UpstreamFailure.Busy,
            PostgresErrorCodes.ReadOnlySqlTransaction or PostgresErrorCodes.DiskFull or PostgresErrorCodes.InsufficientPrivilege => UpstreamFailure.Rejected,
            _ => null,
        },
        NpgsqlException { InnerException: TimeoutException } => UpstreamFailure.Unavailable,
        NpgsqlException or SocketException or IOException => UpstreamFailure.Transient,
        OperationCanceledException or TimeoutException => UpstreamFailure.Unavailable,
        _ => null,
    };
}
