using System.Net.Sockets;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace ToolBackend.Core.Leadership;

/// <summary>
/// Makes one replica the leader, by an advisory lock that a session of its own holds, and runs the <see cref="LeaderJob"/>s there.
/// </summary>
/// <remarks>
/// <code>
/// connected -> asks for the lock every 2 s -> has it: proves the link for 5 s -> leads: jobs run, the link is proved every second
///                                                                                link lost or silent for 2 s: jobs are cut off, from the start again
/// </code>
/// The server gives the lock away when it sees the session end, which may be before its holder knows. The holder learns of it within a probe and its deadline, and whoever
/// has the lock next waits longer than that: so there are never two leaders. A process that was frozen meanwhile may still finish the statement that it was in; jobs bear that.
/// Needs a session: behind a pooler in transaction mode the lock would be nobody's. Tests: LeaderLeaseTests.
/// </remarks>
public sealed partial class LeaderLease(
    string connectionString, IEnumerable<LeaderJob> jobs, LeaseTimes times, TimeProvider time, ILogger<LeaderLease> logger) : BackgroundService
{
    private const long LockKey = 0x746F_6F6C_6C65_6164;

    private readonly string _connectionString = new NpgsqlConnectionStringBuilder(connectionString)
    {
        Pooling = false,
        Timeout = 2,
        CommandTimeout = 2,
        CancellationTimeout = -1,
        ApplicationName = "toolbackend-leader",
    }.ConnectionString;

    private readonly LeaderJob[] _jobs = [.. jobs];
    private volatile bool _isLeading;
    private string? _reported;

    /// <summary>True while this process may run the jobs.</summary>
    public bool IsLeading => _isLeading;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await CampaignAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException or OperationCanceledException or IOException or SocketException)
            {
                LoseLink(e);
                await Task.Delay(times.Retry, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task CampaignAsync(CancellationToken stoppingToken)
    {
        var connection = new NpgsqlConnection(_connectionString);
        try
        {
            await connection.OpenAsync(stoppingToken).WaitAsync(times.ProbeDeadline + times.Retry, time, stoppingToken);
            _reported = null;
            while (!await AskAsync(connection, $"select pg_try_advisory_lock({LockKey})", stoppingToken))
            {
                await Task.Delay(times.Retry, time, stoppingToken);
            }

            await LeadAsync(connection, stoppingToken);
        }
        finally
        {
            // Closing a connection whose peer is silent takes its own time, and is not waited for to the end.
            await connection.DisposeAsync().AsTask().WaitAsync(times.ProbeDeadline, time, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task LeadAsync(NpgsqlConnection connection, CancellationToken stoppingToken)
    {
        var since = time.GetTimestamp();
        while (time.GetElapsedTime(since) < times.Grace)
        {
            await ProveAsync(connection, stoppingToken);
        }

        using var term = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        _isLeading = true;
        LogLeading(_jobs.Length);
        var work = Task.WhenAll(_jobs.Select(job => Task.Run(() => new JobLoop(job, time, logger).RunAsync(term.Token), CancellationToken.None)));
        try
        {
            while (true)
            {
                await ProveAsync(connection, stoppingToken);
            }
        }
        finally
        {
            // The lock is let go only after the jobs have ended: with the session still there nobody else begins.
            _isLeading = false;
            await term.CancelAsync();
            await work;
            LogNotLeading();
        }
    }

    private async Task ProveAsync(NpgsqlConnection connection, CancellationToken stoppingToken)
    {
        await Task.Delay(times.Probe, time, stoppingToken);
        await AskAsync(connection, "select true", stoppingToken);
    }

    private async Task<bool> AskAsync(NpgsqlConnection connection, string sql, CancellationToken stoppingToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return (bool)(await command.ExecuteScalarAsync(stoppingToken).WaitAsync(times.ProbeDeadline, time, stoppingToken))!;
    }

    private void LoseLink(Exception e)
    {
        var cause = (e as PostgresException)?.SqlState ?? e.GetType().Name;
        if (_reported != cause)
        {
            _reported = cause; // once per cause, not once per attempt
            LogLost(cause);
        }
    }

    [LoggerMessage(1701, LogLevel.Information, "This replica leads and runs {Jobs} jobs for all")]
    private partial void LogLeading(int jobs);

    [LoggerMessage(1702, LogLevel.Information, "This replica leads no more")]
    private partial void LogNotLeading();

    [LoggerMessage(1703, LogLevel.Warning, "The lease lost Postgres, or does not reach it ({Fault})")]
    private partial void LogLost(string fault);
}
