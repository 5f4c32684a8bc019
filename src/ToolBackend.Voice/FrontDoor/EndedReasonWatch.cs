using Npgsql;
using NpgsqlTypes;
using ToolBackend.Core.Calls.State;
using ToolBackend.Core.Data;
using ToolBackend.Core.Resilience;
using ToolBackend.Core.Resilience.Health;

namespace ToolBackend.Voice.FrontDoor;

/// <summary>
/// Calls whose end Vapi explains by its own fault (class <see cref="EndedReasons.Platform"/>), also those that never came through this front door: numbers that point at Vapi, and calls that it places.
/// Looked for in the folded calls every two seconds. A call that we took away from Vapi, to transfer or to end it, says nothing, and neither does a socket that the carrier closed: callers hang up.
/// </summary>
internal sealed partial class EndedReasonWatch(Database database, VapiBypass vapi, VapiFailures failures, TimeProvider time, ILogger<EndedReasonWatch> logger) : BackgroundService
{
    private const string Ends = """
        select coalesce(provider_call_id, call_id), ended_reason from call
        where ended_class = $1 and side = 'vapi' and opened_at > $2 and last_event_at > $3
          and ended_reason <> 'phone-call-provider-closed-websocket'
          and not exists (select from call_order where call_sid = provider_call_id)
        order by opened_at desc limit 100
        """;

    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(2);

    /// <summary>Longer than the folding lags; what is older is history.</summary>
    private static readonly TimeSpan s_recent = TimeSpan.FromSeconds(30);

    /// <summary>Of a call, for the index.</summary>
    private static readonly TimeSpan s_longest = TimeSpan.FromHours(12);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!vapi.IsConfigured)
        {
            return;
        }

        using var look = new PeriodicTimer(s_look, time);
        while (await look.WaitForNextTickAsync(stoppingToken))
        {
            foreach (var (call, reason) in await ReadAsync(stoppingToken))
            {
                if (failures.Report(call, HealthCause.Server))
                {
                    LogEnded(call, reason);
                }
            }
        }
    }

    private async Task<IReadOnlyList<(string Call, string Reason)>> ReadAsync(CancellationToken cancellation)
    {
        try
        {
            return await database.ReadAsync<IReadOnlyList<(string, string)>>(EndsAsync, cancellation);
        }
        catch (UpstreamException)
        {
            return []; // said by others; the next look sees the same calls
        }
    }

    private async Task<IReadOnlyList<(string, string)>> EndsAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var now = time.GetUtcNow().UtcDateTime;
        await using var command = new NpgsqlCommand(Ends, connection)
        {
            Parameters =
            {
                new() { Value = EndedReasons.Platform, NpgsqlDbType = NpgsqlDbType.Text },
                new() { Value = now - s_longest, NpgsqlDbType = NpgsqlDbType.TimestampTz },
                new() { Value = now - s_recent, NpgsqlDbType = NpgsqlDbType.TimestampTz },
            },
        };
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        var ends = new List<(string, string)>();
        while (await rows.ReadAsync(cancellation))
        {
            ends.Add((rows.GetString(0), rows.IsDBNull(1) ? "" : rows.GetString(1)));
        }

        return ends;
    }

    [LoggerMessage(3632, LogLevel.Warning, "Vapi ended call {Call} by a fault of its own ({Reason})")]
    private partial void LogEnded(string call, string reason);
}
