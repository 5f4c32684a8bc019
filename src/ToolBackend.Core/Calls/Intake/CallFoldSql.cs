using Npgsql;
using NpgsqlTypes;
using ToolBackend.Core.Calls.Events;
using ToolBackend.Core.Calls.State;

namespace ToolBackend.Core.Calls.Intake;

/// <summary>The statements of a fold.</summary>
internal static class CallFoldSql
{
    /// <summary>Characters of a transcript that can be searched: a tsvector holds 1 MiB.</summary>
    private const int MaxWords = 100_000;

    private const string Upsert = """
        with written as (
          insert into call (call_id, version, status, ended_reason, ended_class, side, type, opened_at, started_at, ended_at, last_event_at, max_seconds, caller, line,
                            assistant_id, assistant_name, provider_call_id, duration_ms, cost, success, has_report, turn_ms, anomalies, words, state)
          values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, to_tsvector('simple', $24), $25)
          on conflict (call_id) do update set
            version = excluded.version, status = excluded.status, ended_reason = excluded.ended_reason, ended_class = excluded.ended_class, side = excluded.side, type = excluded.type,
            opened_at = excluded.opened_at, started_at = excluded.started_at, ended_at = excluded.ended_at, last_event_at = excluded.last_event_at, max_seconds = excluded.max_seconds,
            caller = excluded.caller, line = excluded.line, assistant_id = excluded.assistant_id, assistant_name = excluded.assistant_name, provider_call_id = excluded.provider_call_id,
            duration_ms = excluded.duration_ms, cost = excluded.cost, success = excluded.success, has_report = excluded.has_report, turn_ms = excluded.turn_ms,
            anomalies = excluded.anomalies, words = excluded.words, state = excluded.state
          where call.state <> excluded.state
          returning call_id)
        insert into call_change (at, call_id, payload) select $26, call_id, $27 from written returning seq
        """;

    private const string Absorb = """
        with gone as (delete from call where call_id = $1 returning call_id)
        insert into call_change (at, call_id, payload) select $2, call_id, $3 from gone returning seq
        """;

    public static async Task<List<CallEvent>> EventsAsync(NpgsqlConnection connection, IReadOnlyCollection<string> callRefs, CancellationToken cancellation)
    {
        var command = new NpgsqlCommand($"select {CallEventSql.EventColumns} from call_event where call_ref = any($1)", connection) { Parameters = { Texts(callRefs) } };
        await using var _ = command.ConfigureAwait(false);
        var rows = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        await using var __ = rows.ConfigureAwait(false);
        var events = new List<CallEvent>();
        while (await rows.ReadAsync(cancellation).ConfigureAwait(false))
        {
            events.Add(CallEventSql.Read(rows));
        }

        return events;
    }

    /// <summary>All names of all calls that have one of these names.</summary>
    public static async Task<List<(string Alias, string CallId)>> AliasesAsync(NpgsqlConnection connection, IReadOnlyCollection<string> names, CancellationToken cancellation)
    {
        var command = new NpgsqlCommand("select alias, call_id from call_alias where call_id in (select call_id from call_alias where alias = any($1))", connection) { Parameters = { Texts(names) } };
        await using var _ = command.ConfigureAwait(false);
        var rows = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        await using var __ = rows.ConfigureAwait(false);
        var aliases = new List<(string, string)>();
        while (await rows.ReadAsync(cancellation).ConfigureAwait(false))
        {
            aliases.Add((rows.GetString(0), rows.GetString(1)));
        }

        return aliases;
    }

    /// <summary>Stores states, names and changes. Returns how many states were not stored before, and the newest change.</summary>
    public static async Task<(int Changed, long Newest)> SaveAsync(
        NpgsqlConnection connection, IReadOnlyList<(CallState State, IReadOnlyList<string> Absorbed)> calls, DateTimeOffset now, CancellationToken cancellation)
    {
        if (calls.Count == 0)
        {
            return (0, 0);
        }

        var batch = new NpgsqlBatch(connection);
        await using var _ = batch.ConfigureAwait(false);
        foreach (var (state, absorbed) in calls)
        {
            foreach (var former in absorbed)
            {
                var gone = CallListItem.Of(state) with { CallId = former, MergedInto = state.CallId };
                batch.BatchCommands.Add(new NpgsqlBatchCommand(Absorb) { Parameters = { Of(former), Of(now), Of(gone.ToJson()) } });
            }

            batch.BatchCommands.Add(new NpgsqlBatchCommand(Upsert));
            AddState(batch.BatchCommands[^1].Parameters, state, now);
        }

        batch.BatchCommands.Add(new NpgsqlBatchCommand("""
            insert into call_alias (alias, call_id) select alias, call_id from unnest($1::text[], $2::text[]) as a (alias, call_id)
            on conflict (alias) do update set call_id = excluded.call_id where call_alias.call_id <> excluded.call_id
            """)
        {
            Parameters = { Texts([.. calls.SelectMany(c => c.State.Aliases)]), Texts([.. calls.SelectMany(c => c.State.Aliases.Select(_ => c.State.CallId))]) },
        });
        batch.BatchCommands.Add(new NpgsqlBatchCommand("delete from call_control where call_ref = any($1)") { Parameters = { Texts([.. calls.Where(c => c.State.IsEnded).SelectMany(c => c.State.Aliases)]) } });
        batch.BatchCommands.Add(new NpgsqlBatchCommand("delete from call_inquiry where call_id = any($1)") { Parameters = { Texts([.. calls.Where(c => c.State is { IsEnded: true, HasReport: true }).Select(c => c.State.CallId)]) } });

        var rows = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        await using var __ = rows.ConfigureAwait(false);
        var (changed, newest) = (0, 0L);
        do
        {
            while (await rows.ReadAsync(cancellation).ConfigureAwait(false))
            {
                changed++;
                newest = Math.Max(newest, rows.GetInt64(0));
            }
        }
        while (await rows.NextResultAsync(cancellation).ConfigureAwait(false));
        return (changed, newest);
    }

    private static void AddState(NpgsqlParameterCollection parameters, CallState call, DateTimeOffset now)
    {
        var first = call.Assistants is [var assistant, ..] ? assistant : null;
        parameters.Add(Of(call.CallId));
        parameters.Add(new NpgsqlParameter<long> { TypedValue = call.Version });
        parameters.Add(Of(call.Status));
        parameters.Add(Of(call.EndedReason));
        parameters.Add(Of(call.EndedClass));
        parameters.Add(Of(call.Side));
        parameters.Add(Of(call.Type));
        parameters.Add(Of(call.OpenedAt));
        parameters.Add(Of(call.StartedAt));
        parameters.Add(Of(call.EndedAt));
        parameters.Add(Of(call.LastEventAt));
        parameters.Add(new NpgsqlParameter { Value = (object?)call.MaxSeconds ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Integer });
        parameters.Add(Of(call.Caller));
        parameters.Add(Of(call.Line));
        parameters.Add(Of(first?.Id));
        parameters.Add(Of(first?.Name));
        parameters.Add(Of(call.ProviderCallId));
        parameters.Add(new NpgsqlParameter { Value = (object?)call.DurationMs ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint });
        parameters.Add(new NpgsqlParameter { Value = (object?)call.Cost ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Numeric });
        parameters.Add(Of(call.Success));
        parameters.Add(new NpgsqlParameter<bool> { TypedValue = call.HasReport });
        parameters.Add(new NpgsqlParameter<float[]> { TypedValue = [.. call.Turns.Select(t => t.Turn).OfType<double>().Select(ms => (float)ms)] });
        parameters.Add(Texts(call.Anomalies));
        parameters.Add(Of(Words(call)));
        parameters.Add(Of(call.ToJson()));
        parameters.Add(Of(now));
        parameters.Add(Of(CallListItem.Of(call).ToJson()));
    }

    /// <summary>What a search finds the call by.</summary>
    public static string? Words(CallState call)
    {
        if (call.Transcript.Count == 0)
        {
            return null;
        }

        var text = string.Join('\n', call.Transcript.Select(u => u.Text)).Replace('\0', ' ');
        return text.Length > MaxWords ? text[..MaxWords] : text;
    }

    private static NpgsqlParameter Of(string? text) => new() { Value = (object?)text ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };

    private static NpgsqlParameter Of(DateTimeOffset? at) => new() { Value = at is { } some ? some.UtcDateTime : DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz };

    private static NpgsqlParameter<string[]> Texts(IEnumerable<string> texts) => new() { TypedValue = [.. texts] };
}
