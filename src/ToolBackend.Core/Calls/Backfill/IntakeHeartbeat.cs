using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using ToolBackend.Core.Data;
using ToolBackend.Core.Observability;
using ToolBackend.Core.Resilience;

namespace ToolBackend.Core.Calls.Backfill;

/// <summary>
/// Writes down, on every replica, that events can be stored now. Whoever finds that nobody could for a while, at a start or when Postgres is back,
/// notes an outage for <see cref="CallBackfill"/>.
/// </summary>
/// <remarks>
/// Looking, writing and noting are one statement: the row's lock lets one replica through, and the next one finds a heartbeat that is fresh. The clock is the
/// database's, which all share.
/// </remarks>
public sealed partial class IntakeHeartbeat(Database database, IOptions<BackfillOptions> options, TimeProvider time, ILogger<IntakeHeartbeat> logger) : BackgroundService
{
    public const string Name = "event-intake";

    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    // The new row is made from the old one, so that the old one is read, and locked, first.
    private const string Beat = """
        with before as (select at from service_heartbeat where name = $1 for update),
        beat as (
          insert into service_heartbeat (name, at) select $1, greatest(now(), (select max(at) from before))
          on conflict (name) do update set at = greatest(service_heartbeat.at, excluded.at)),
        outage as (
          insert into call_backfill (since, until)
          select greatest(at - make_interval(secs => $3), now() - make_interval(days => $4)), now() from before where now() - at > make_interval(secs => $2)
          returning until - since)
        select * from outage
        """;

    private bool _reported;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            do
            {
                await TryBeatAsync(stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The other replicas go on, or an outage begins.
        }
    }

    /// <summary>One heartbeat. Returns the outage that it found and noted, margin included; null when there was none.</summary>
    /// <exception cref="UpstreamException">Postgres is not there.</exception>
    public async Task<TimeSpan?> BeatAsync(CancellationToken cancellation)
    {
        var outage = await database.ReadAsync(BeatAsync, cancellation);
        if (outage is { } gap)
        {
            Telemetry.Outages.Add(1);
            LogOutage((long)gap.TotalSeconds);
        }

        return outage;
    }

    private async Task<TimeSpan?> BeatAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(Beat, connection)
        {
            Parameters =
            {
                new NpgsqlParameter<string> { TypedValue = Name },
                new NpgsqlParameter<double> { TypedValue = options.Value.GapSeconds },
                new NpgsqlParameter<double> { TypedValue = options.Value.MarginSeconds },
                new NpgsqlParameter<int> { TypedValue = options.Value.LongestDays },
            },
        };
        return await command.ExecuteScalarAsync(cancellation) as TimeSpan?;
    }

    private async Task TryBeatAsync(CancellationToken stoppingToken)
    {
        try
        {
            await BeatAsync(stoppingToken);
            _reported = false;
        }
        catch (Exception e) when (!stoppingToken.IsCancellationRequested)
        {
            if (!_reported)
            {
                _reported = true; // once per outage, not once per heartbeat
                LogMissed((e as PostgresException)?.SqlState ?? (e as UpstreamException)?.Failure.ToString() ?? e.GetType().FullName!);
            }
        }
    }

    [LoggerMessage(1711, LogLevel.Warning, "No replica could store call events for a while: calls that changed in the last {Seconds} s are fetched")]
    private partial void LogOutage(long seconds);

    [LoggerMessage(1712, LogLevel.Warning, "The heartbeat of the event intake could not be written ({Fault}); one line until it can")]
    private partial void LogMissed(string fault);
}
