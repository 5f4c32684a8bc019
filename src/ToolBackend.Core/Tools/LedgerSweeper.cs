using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using ToolBackend.Core.Data;
using ToolBackend.Core.Resilience;

namespace ToolBackend.Core.Tools;

/// <summary>Deletes ledger rows and open questions whose time is over. Any number of replicas may run it.</summary>
public sealed partial class LedgerSweeper(Database database, TimeProvider time, ILogger<LedgerSweeper> logger) : BackgroundService
{
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(15);

    /// <summary>Rows per statement: short locks, and a late sweeper does not stall the database.</summary>
    private const int Slice = 5000;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
            {
                await SweepAsync(stoppingToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops; what is left is swept by the next process.
        }
    }

    /// <summary>Rows deleted, or zero when the database was not there: the next tick tries again.</summary>
    public async Task<int> SweepAsync(CancellationToken cancellation)
    {
        try
        {
            return await SweepTableAsync("tool_call_ledger", cancellation).ConfigureAwait(false) + await SweepTableAsync("pending_confirmation", cancellation).ConfigureAwait(false);
        }
        catch (UpstreamException e)
        {
            LogPutOff(e.Failure);
            return 0;
        }
    }

    private async Task<int> SweepTableAsync(string table, CancellationToken cancellation)
    {
        var all = 0;
        int deleted;
        do
        {
            deleted = await database.ReadAsync(
                async (connection, ct) =>
                {
                    var command = new NpgsqlCommand($"delete from {table} where ctid in (select ctid from {table} where expires_at < $1 limit {Slice})", connection)
                    {
                        Parameters = { new() { Value = time.GetUtcNow().UtcDateTime } },
                    };
                    await using var _ = command.ConfigureAwait(false);
                    return await command.ExecuteNonQueryAsync(ct).ConfigureAwait(false);
                },
                cancellation).ConfigureAwait(false);
            all += deleted;
        }
        while (deleted == Slice);
        return all;
    }

    [LoggerMessage(1401, LogLevel.Warning, "Sweeping the ledger was put off: Postgres is {Failure}")]
    private partial void LogPutOff(UpstreamFailure failure);
}
