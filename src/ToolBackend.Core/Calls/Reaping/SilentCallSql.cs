using Npgsql;

namespace ToolBackend.Core.Calls.Reaping;

/// <summary>Which calls are silent and due, and what was asked about them.</summary>
internal static class SilentCallSql
{
    // What was heard of a call since it was asked for makes the inquiry a new one. Reports come within minutes: what is missing after days will not come.
    private const string Due = """
        with open as (
          select c.call_id, c.last_event_at as since from call c
          where c.status <> 'ended'
            and (c.last_event_at < $1 - $2 or coalesce(c.started_at, c.opened_at) + make_interval(secs => least(coalesce(nullif(c.max_seconds, 0), $3), $3)) + $4 < $1)),
        unreported as (
          select c.call_id, c.last_event_at as since from call c
          where c.status = 'ended' and not c.has_report and c.side <> 'own' and c.last_event_at between $1 - interval '7 days' and $1 - $5
            and c.ended_reason is distinct from $6),
        due as (
          select s.call_id, case when i.asked_at >= s.since then i.times else 0 end as times, case when i.asked_at >= s.since then i.unknown_times else 0 end as unknown_times
          from (select * from open union all select * from unreported) s left join call_inquiry i using (call_id)
          where i.next_at is null or i.next_at <= $1 or i.asked_at < s.since
          order by coalesce(i.next_at, s.since) limit $7)
        select c.call_id, c.status, c.opened_at, c.started_at, c.last_event_at, c.max_seconds, d.times, d.unknown_times,
          array(select distinct e.call_ref from call_alias a join call_event e on e.call_ref = a.alias where a.call_id = c.call_id and e.source in ('vapi', 'api') order by 1)
        from due d join call c using (call_id)
        """;

    private const string Remember = """
        insert into call_inquiry (call_id, times, unknown_times, asked_at, next_at) values ($1, $2, $3, $4, $5)
        on conflict (call_id) do update set times = excluded.times, unknown_times = excluded.unknown_times, asked_at = excluded.asked_at, next_at = excluded.next_at
        """;

    public static async Task<List<SilentCall>> DueAsync(NpgsqlConnection connection, DateTimeOffset now, CallReaperOptions options, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(Due, connection)
        {
            Parameters =
            {
                Of(now), Of(options.Silence), new NpgsqlParameter<double> { TypedValue = options.HardLimitSeconds }, Of(options.Margin), Of(TimeSpan.FromMinutes(options.ReportMinutes)),
                new NpgsqlParameter<string> { TypedValue = ReapReason.UnknownToVapi }, new NpgsqlParameter<int> { TypedValue = options.BatchSize },
            },
        };
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var calls = new List<SilentCall>();
        while (await row.ReadAsync(cancellation))
        {
            calls.Add(new SilentCall(
                row.GetString(0), row.GetString(1), row.GetFieldValue<DateTimeOffset>(2), await row.IsDBNullAsync(3, cancellation) ? null : row.GetFieldValue<DateTimeOffset>(3),
                row.GetFieldValue<DateTimeOffset>(4), await row.IsDBNullAsync(5, cancellation) ? null : row.GetInt32(5), row.GetFieldValue<string[]>(8), row.GetInt32(6), row.GetInt32(7)));
        }

        return calls;
    }

    public static async Task<int> RememberAsync(NpgsqlConnection connection, string callId, ReapVerdict verdict, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(Remember, connection)
        {
            Parameters =
            {
                new NpgsqlParameter<string> { TypedValue = callId }, new NpgsqlParameter<int> { TypedValue = verdict.Times }, new NpgsqlParameter<int> { TypedValue = verdict.UnknownTimes },
                Of(now), Of(now + verdict.AskAgainIn),
            },
        };
        return await command.ExecuteNonQueryAsync(cancellation);
    }

    private static NpgsqlParameter<DateTime> Of(DateTimeOffset at) => new() { TypedValue = at.UtcDateTime };

    private static NpgsqlParameter<TimeSpan> Of(TimeSpan span) => new() { TypedValue = span };
}
