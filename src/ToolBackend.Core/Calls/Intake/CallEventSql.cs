using System.Text;
using Npgsql;
using NpgsqlTypes;
using ToolBackend.Core.Calls.Events;

namespace ToolBackend.Core.Calls.Intake;

/// <summary>The statements over <c>call_event</c>. One statement appends a group: it is its own transaction.</summary>
internal static class CallEventSql
{
    private const int MaxId = 128;

    private const string Append = """
        with given as (
          select * from unnest($1::text[], $2::timestamptz[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::timestamptz[], $9::text[], $10::text[])
            as g (call_ref, sent_at, message_id, source, type, kind, provider_call_id, received_at, facts, body)),
        kept as (select * from given where not exists (select from call_forgotten f where f.alias in (given.call_ref, given.provider_call_id))),
        stored as (
          insert into call_event (call_ref, sent_at, message_id, source, type, kind, provider_call_id, received_at, facts, body)
          select call_ref, sent_at, message_id, source, type, kind, provider_call_id, received_at, facts, body from kept
          on conflict do nothing
          returning call_ref),
        control as (
          insert into call_control (call_ref, url, seen_at)
          select distinct on (call_ref) call_ref, url, $8[1] from unnest($11::text[], $12::text[]) as c (call_ref, url)
          where call_ref in (select call_ref from kept) order by call_ref
          on conflict (call_ref) do update set url = excluded.url, seen_at = excluded.seen_at where call_control.url <> excluded.url)
        insert into call_fold_queue (call_ref) select call_ref from stored
        """;

    /// <summary>Number of events that were new.</summary>
    public static async Task<int> AppendAsync(NpgsqlConnection connection, IReadOnlyList<ReportedEvent> group, KnownControls controls, CancellationToken cancellation)
    {
        var fresh = group.Where(r => r.ControlUrl is { } url && !controls.IsKnown(r.Event.CallRef, url.Reveal())).ToList();
        var command = new NpgsqlCommand(Append, connection);
        await using var _ = command.ConfigureAwait(false);
        Add(command, NpgsqlDbType.Text, group, r => Storable(r.Event.CallRef));
        Add(command, NpgsqlDbType.TimestampTz, group, r => Storable(r.Event.SentAt));
        Add(command, NpgsqlDbType.Uuid, group, r => r.Event.MessageId);
        Add(command, NpgsqlDbType.Text, group, r => SourceName(r.Event.Source));
        Add(command, NpgsqlDbType.Text, group, r => Storable(r.Event.Type));
        Add(command, NpgsqlDbType.Text, group, r => r.Event.Kind.ToString());
        Add(command, NpgsqlDbType.Text, group, r => r.Event.ProviderCallId is { Length: > 0 } id ? Storable(id) : null);
        Add(command, NpgsqlDbType.TimestampTz, group, r => Storable(r.Event.ReceivedAt));
        Add(command, NpgsqlDbType.Text, group, r => Encoding.UTF8.GetString(r.Event.Facts.ToJson()));
        Add(command, NpgsqlDbType.Text, group, r => r.Body is { } body ? Encoding.UTF8.GetString(body) : null);
        Add(command, NpgsqlDbType.Text, fresh, r => Storable(r.Event.CallRef));
        Add(command, NpgsqlDbType.Text, fresh, r => r.ControlUrl!.Value.Reveal());
        var rows = await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
        fresh.ForEach(r => controls.Add(r.Event.CallRef, r.ControlUrl!.Value.Reveal()));
        return rows;
    }

    public const string EventColumns = "call_ref, sent_at, message_id, source, type, kind, provider_call_id, received_at, facts";

    /// <summary>The event in the reader's current row of <see cref="EventColumns"/>.</summary>
    public static CallEvent Read(NpgsqlDataReader row) => new(
        row.GetString(0), row.GetGuid(2), ParseSource(row.GetString(3)), row.GetString(4), Enum.TryParse<CallEventKind>(row.GetString(5), out var kind) ? kind : CallEventKind.Other,
        row.GetFieldValue<DateTimeOffset>(1), row.GetFieldValue<DateTimeOffset>(7), row.IsDBNull(6) ? null : row.GetString(6), CallFacts.Parse(row.GetString(8)));

    public static string SourceName(CallEventSource source) => source switch
    {
        CallEventSource.Vapi => "vapi",
        CallEventSource.Pipeline => "pipeline",
        CallEventSource.Api => "api",
        _ => "reaper",
    };

    private static CallEventSource ParseSource(string name) => name switch
    {
        "vapi" => CallEventSource.Vapi,
        "pipeline" => CallEventSource.Pipeline,
        "api" => CallEventSource.Api,
        _ => CallEventSource.Reaper,
    };

    /// <summary>What comes from outside as text: Postgres cannot hold NUL or a lone surrogate, and one bad event must not hold up its group.</summary>
    private static string Storable(string id)
    {
        var kept = id.Length > MaxId ? id[..MaxId] : id.Length == 0 ? "?" : id;
        return kept.Any(c => c == '\0' || char.IsSurrogate(c)) ? string.Concat(kept.Select(c => c == '\0' || char.IsSurrogate(c) ? '?' : c)) : kept;
    }

    /// <summary>Postgres keeps microseconds; the fold must see the same time before and after storing.</summary>
    private static DateTime Storable(DateTimeOffset at) => at.UtcDateTime.AddTicks(-(at.UtcTicks % TimeSpan.TicksPerMicrosecond));

    private static void Add<T>(NpgsqlCommand command, NpgsqlDbType type, IReadOnlyList<ReportedEvent> group, Func<ReportedEvent, T> value)
    {
        var column = new T[group.Count];
        for (var i = 0; i < column.Length; i++)
        {
            column[i] = value(group[i]);
        }

        command.Parameters.Add(new NpgsqlParameter<T[]> { TypedValue = column, NpgsqlDbType = NpgsqlDbType.Array | type });
    }
}
