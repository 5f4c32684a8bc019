using System.Globalization;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using ToolBackend.Core.Caching;
using ToolBackend.Core.Observability;

namespace ToolBackend.Core.Data;

/// <summary>
/// Hears which records changed, on a connection of its own, and evicts them within milliseconds.
/// </summary>
/// <remarks>
/// Every second without news the link is proved by a round trip: Postgres delivers pending notifications before the reply, so a reply in
/// time means that nothing was missed. A link that does not reply is lost: memory is not trusted until a new one listens, and
/// is emptied then, since changes in between went unheard.
/// </remarks>
public sealed partial class ChangeListener(
    string connectionString, ReadThroughCache cache, InvalidationLog invalidations, DatabaseHealth health, TimeProvider time, ILogger<ChangeListener> log)
    : BackgroundService
{
    public const string Channel = "toolbackend_changes";

    public static readonly TimeSpan ProbeInterval = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan ProbeDeadline = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_firstRetry = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_longestRetry = TimeSpan.FromSeconds(2);

    private readonly string _connectionString = new NpgsqlConnectionStringBuilder(connectionString)
    {
        Pooling = false,
        Timeout = 2,
        CommandTimeout = 2,
        CancellationTimeout = -1,
        ApplicationName = "toolbackend-listener",
    }.ConnectionString;

    private string? _reported;
    private bool _wasListening;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var retry = s_firstRetry;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(() => retry = s_firstRetry, stoppingToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException or OperationCanceledException or IOException or System.Net.Sockets.SocketException)
            {
                LoseLink(e);
                await Task.Delay(retry, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                retry = retry * 2 < s_longestRetry ? retry * 2 : s_longestRetry;
            }
        }
    }

    private async Task ListenAsync(Action listening, CancellationToken stoppingToken)
    {
        var connection = new NpgsqlConnection(_connectionString);
        try
        {
            await ListenOnAsync(connection, listening, stoppingToken).ConfigureAwait(false);
        }
        finally
        {
            // Mistrust and say so first: closing a connection whose peer is silent takes its own time, and is not waited for to the end.
            if (!stoppingToken.IsCancellationRequested)
            {
                invalidations.LinkIsUp = false;
                health.ReportLoss();
            }

            await connection.DisposeAsync().AsTask().WaitAsync(ProbeDeadline, time, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ListenOnAsync(NpgsqlConnection connection, Action listening, CancellationToken stoppingToken)
    {
        connection.Notification += (_, e) => Apply(e.Payload);
        await connection.OpenAsync(stoppingToken).ConfigureAwait(false);
        await ExecuteAsync(connection, "listen " + Channel, stoppingToken).ConfigureAwait(false);

        // Listening first, looking second: a write between the two is heard as well as seen. Writes before went unheard, so values that may
        // lack one of them (in Redis too) are not believed: what is read from now on has a snapshot that includes them all.
        var (epoch, unheard) = await WhereAreWeAsync(connection, stoppingToken).ConfigureAwait(false);
        cache.InvalidateAll(epoch, unheard);
        await ProbeAsync(connection, stoppingToken).ConfigureAwait(false);
        invalidations.LinkIsUp = true;
        _reported = null;
        _wasListening = true;
        LogListening();
        listening();

        while (true)
        {
            if (!await connection.WaitAsync(ProbeInterval, stoppingToken).ConfigureAwait(false))
            {
                await ProbeAsync(connection, stoppingToken).ConfigureAwait(false);
            }
        }
    }

    private async Task ProbeAsync(NpgsqlConnection connection, CancellationToken stoppingToken)
    {
        var started = time.GetTimestamp();
        await ExecuteAsync(connection, "select 1", stoppingToken).WaitAsync(ProbeDeadline, time, stoppingToken).ConfigureAwait(false);
        health.ReportRoundTrip(time.GetElapsedTime(started));
    }

    private static async Task<(long Epoch, long Unheard)> WhereAreWeAsync(NpgsqlConnection connection, CancellationToken stoppingToken)
    {
        var command = new NpgsqlCommand("select epoch, pg_snapshot_xmax(pg_current_snapshot())::text::bigint - 1 from cache_epoch", connection);
        await using var _ = command.ConfigureAwait(false);
        var row = await command.ExecuteReaderAsync(stoppingToken).ConfigureAwait(false);
        await using var __ = row.ConfigureAwait(false);
        await row.ReadAsync(stoppingToken).ConfigureAwait(false);
        return (row.GetInt64(0), row.GetInt64(1));
    }

    private static async Task<object?> ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken stoppingToken)
    {
        var command = new NpgsqlCommand(sql, connection);
        await using var _ = command.ConfigureAwait(false);
        return await command.ExecuteScalarAsync(stoppingToken).ConfigureAwait(false);
    }

    private void Apply(string payload)
    {
        var space = payload.IndexOf(' ', StringComparison.Ordinal);
        if (space <= 0 || !long.TryParse(payload.AsSpan(0, space), NumberStyles.None, CultureInfo.InvariantCulture, out var xid))
        {
            LogUnreadable();
            return;
        }

        var key = payload[(space + 1)..];
        if (key == "all")
        {
            cache.InvalidateAll(epoch: xid, xid);
        }
        else
        {
            cache.Invalidate(key, xid);
        }
    }

    private void LoseLink(Exception e)
    {
        var cause = (e as PostgresException)?.SqlState ?? e.GetType().Name;
        if (_wasListening)
        {
            _wasListening = false;
            Telemetry.ListenerLosses.Add(1);
            LogLost(cause);
        }
        else if (_reported != cause)
        {
            LogUnreachable(cause); // once per cause, not once per attempt
        }

        _reported = cause;
    }

    [LoggerMessage(1101, LogLevel.Information, "Listening for changes in the database")]
    private partial void LogListening();

    [LoggerMessage(1102, LogLevel.Warning, "The change listener lost Postgres ({Fault}): cached values are checked against the database until it is back")]
    private partial void LogLost(string fault);

    [LoggerMessage(1104, LogLevel.Warning, "The change listener cannot reach Postgres ({Fault}). 42P01 means that the migrations have not run: toolbackend db migrate")]
    private partial void LogUnreachable(string fault);

    [LoggerMessage(1103, LogLevel.Warning, "A change notification could not be read and was ignored: something else notifies on the same channel")]
    private partial void LogUnreadable();
}
