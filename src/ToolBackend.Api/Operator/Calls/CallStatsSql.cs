using Microsoft.EntityFrameworkCore;
using Npgsql;
using ToolBackend.Core.Data.Model;

namespace ToolBackend.Api.Operator.Calls;

/// <summary>The three statements behind the statistics. Each looks at its rows once and groups them in every way that is asked for: <c>By</c> says which.</summary>
internal static class CallStatsSql
{
    public const int All = 0, Class = 1, Hour = 2, Assistant = 3;

    private const string Calls = """
        with picked as (
          select date_trunc('hour', opened_at at time zone 'UTC') at time zone 'UTC' as hour, coalesce(assistant_name, assistant_id) as assistant, ended_class, status, started_at, duration_ms, cost,
                 case when lower(success) in ('true', 'pass', 'passed', 'success', 'successful', 'yes') then true
                      when lower(success) in ('false', 'fail', 'failed', 'failure', 'unsuccessful', 'no') then false end as success
          from call where opened_at >= @from and opened_at < @to)
        select case grouping(ended_class, hour, assistant) when 7 then 0 when 3 then 1 when 5 then 2 else 3 end as "By", ended_class as "Class", hour as "Hour", assistant as "Assistant",
               count(*) as "Calls", count(*) filter (where status <> 'ended') as "Open", count(started_at) as "Answered", count(*) filter (where status = 'ended' or started_at is not null) as "Decided",
               count(success) as "Evaluated", count(*) filter (where success) as "Succeeded", avg(duration_ms)::float8 as "AverageDurationMs", coalesce(sum(cost), 0) as "Cost"
        from picked group by grouping sets ((), (ended_class), (hour), (assistant))
        """;

    private const string Turns = """
        with picked as (
          select date_trunc('hour', opened_at at time zone 'UTC') at time zone 'UTC' as hour, coalesce(assistant_name, assistant_id) as assistant, ms
          from call, unnest(turn_ms) as ms where opened_at >= @from and opened_at < @to)
        """;

    private const string Tools = """
        with picked as (
          select date_trunc('hour', at at time zone 'UTC') at time zone 'UTC' as hour, coalesce(assistant_name, assistant_id) as assistant, t.duration_ms as ms
          from tool_invocation t left join call_alias a on a.alias = t.call_id left join call c on c.call_id = a.call_id where at >= @from and at < @to)
        """;

    private const string Percentiles = """
        select case grouping(hour, assistant) when 3 then 0 when 1 then 2 else 3 end as "By", hour as "Hour", assistant as "Assistant", count(*) as "Count",
               percentile_cont(array[0.5, 0.95, 0.99]) within group (order by ms) as "Quantiles"
        from picked group by grouping sets ((), (hour), (assistant)) having count(*) > 0
        """;

    public static Task<List<CallsLine>> CallsAsync(ToolBackendDb db, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation) =>
        db.Database.SqlQueryRaw<CallsLine>(Calls, Range(from, to)).ToListAsync(cancellation);

    public static Task<List<LatencyLine>> TurnsAsync(ToolBackendDb db, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation) =>
        db.Database.SqlQueryRaw<LatencyLine>($"{Turns}\n{Percentiles}", Range(from, to)).ToListAsync(cancellation);

    public static Task<List<LatencyLine>> ToolsAsync(ToolBackendDb db, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation) =>
        db.Database.SqlQueryRaw<LatencyLine>($"{Tools}\n{Percentiles}", Range(from, to)).ToListAsync(cancellation);

    private static object[] Range(DateTimeOffset from, DateTimeOffset to) => [new NpgsqlParameter("from", from.ToUniversalTime()), new NpgsqlParameter("to", to.ToUniversalTime())];

    internal sealed class CallsLine
    {
        public int By { get; set; }
        public string? Class { get; set; }
        public DateTimeOffset? Hour { get; set; }
        public string? Assistant { get; set; }
        public long Calls { get; set; }
        public long Open { get; set; }
        public long Answered { get; set; }
        public long Decided { get; set; }
        public long Evaluated { get; set; }
        public long Succeeded { get; set; }
        public double? AverageDurationMs { get; set; }
        public decimal Cost { get; set; }
    }

    internal sealed class LatencyLine
    {
        public int By { get; set; }
        public DateTimeOffset? Hour { get; set; }
        public string? Assistant { get; set; }
        public long Count { get; set; }
        public double[] Quantiles { get; set; } = [];
    }
}
