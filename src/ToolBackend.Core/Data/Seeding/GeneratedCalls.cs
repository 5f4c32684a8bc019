using System.Globalization;
using System.Text;
using Npgsql;
using NpgsqlTypes;
using ToolBackend.Core.Calls.Events;
using ToolBackend.Core.Calls.Intake;
using ToolBackend.Core.Calls.State;

namespace ToolBackend.Core.Data.Seeding;

/// <summary>Ended calls of the last ninety days with five events each, folded as live ones are, so that states and events agree.</summary>
internal sealed class GeneratedCalls(Random random, DateTimeOffset now, long run)
{
    public const int EventsPerCall = 5;

    public const int Days = 90;

    public const string EventTarget = "call_event (call_ref, sent_at, message_id, source, type, kind, provider_call_id, received_at, facts, body)";

    public const string AliasTarget = "call_alias (alias, call_id)";

    /// <summary>A copy of <c>call</c> whose <c>words</c> are still text.</summary>
    public const string Staging = "create temp table generated_call as select * from call limit 0; alter table generated_call alter column words type text using words::text";

    public const string FromStaging = """
        insert into call (call_id, version, status, ended_reason, ended_class, side, type, opened_at, started_at, ended_at, last_event_at, caller, line, assistant_name,
                          provider_call_id, duration_ms, cost, success, has_report, turn_ms, anomalies, words, state)
        select call_id, version, status, ended_reason, ended_class, side, type, opened_at, started_at, ended_at, last_event_at, caller, line, assistant_name,
               provider_call_id, duration_ms, cost, success, has_report, turn_ms, anomalies, to_tsvector('simple', words), state from generated_call;
        truncate generated_call
        """;

    public const string CallTarget = "generated_call (call_id, version, status, ended_reason, ended_class, side, type, opened_at, started_at, ended_at, last_event_at, caller, line, assistant_name, "
        + "provider_call_id, duration_ms, cost, success, has_report, turn_ms, anomalies, words, state)";

    private static readonly string[] s_wishes = ["a check-up on Thursday", "my parcel from the bookshop", "a later appointment", "the opening hours", "a consultation next week", "where my delivery is"];
    private static readonly string[] s_reasons = ["customer-ended-call", "customer-ended-call", "customer-ended-call", "assistant-ended-call", "assistant-forwarded-call", "silence-timed-out", "worker-shutdown", "pipeline-error-eleven-labs-500-server-error"];
    private static readonly string[] s_assistants = ["receptionist", "dispatcher"];

    /// <summary>One call's events, in order, all of its own sender.</summary>
    public List<CallEvent> Next(long ordinal)
    {
        var id = new Guid(unchecked((int)(run * 7919)), (short)(ordinal >> 32), 0x4000, [0x80, 0, .. BitConverter.GetBytes(unchecked((int)ordinal * -1640531527)), 0, 0]).ToString();
        var sid = string.Create(CultureInfo.InvariantCulture, $"CA{run:x8}{ordinal:x24}");
        var start = DateTimeOffset.FromUnixTimeSeconds(now.ToUnixTimeSeconds() - random.Next(600, Days * 86_400)); // as coarse as Postgres keeps it
        var length = random.Next(20, 400);
        var caller = GeneratedCodes.Phone(random.Next(250_000));
        var wish = GeneratedWords.Pick(random, s_wishes);
        var reason = GeneratedWords.Pick(random, s_reasons);
        var identity = new CallIdentity("inboundPhoneCall", CreatedAt: start, Customer: caller, Line: "+12065550100");
        return
        [
            Make(0, "status-update", CallEventKind.Status, new CallFacts { Status = "in-progress", Call = identity, Assistant = new AssistantFact(null, GeneratedWords.Pick(random, s_assistants)) }),
            Make(4, "transcript", CallEventKind.Transcript, new CallFacts { Utterance = new Utterance("user", $"Hello, this is {GeneratedWords.Person(random)}, I am calling about {wish}.", start.AddSeconds(4)) }),
            Make(9, "transcript", CallEventKind.Transcript, new CallFacts { Utterance = new Utterance("assistant", "One moment, I am looking that up for you.", start.AddSeconds(9)) }),
            Make(length, "status-update", CallEventKind.Status, new CallFacts { Status = "ended", EndedReason = reason }),
            Make(length + 12, "end-of-call-report", CallEventKind.Report, new CallFacts
            {
                EndedReason = reason,
                Report = new ReportFacts
                {
                    StartedAt = start,
                    EndedAt = start.AddSeconds(length),
                    Cost = Math.Round(length * 0.0014m, 4),
                    Success = random.Next(5) == 0 ? "false" : "true",
                    Summary = $"The caller asked about {wish}.",
                    Turns = [.. Enumerable.Range(0, 3).Select(_ => new TurnLatency(random.Next(400, 1600)))],
                },
            }),
        ];

        CallEvent Make(int second, string type, CallEventKind kind, CallFacts facts)
        {
            var key = new byte[16];
            random.NextBytes(key);
            return new CallEvent(id, new Guid(key), CallEventSource.Vapi, type, kind, start.AddSeconds(second), start.AddSeconds(second).AddMilliseconds(50), sid, facts);
        }
    }

    public static void WriteEvent(NpgsqlBinaryImporter row, CallEvent one)
    {
        row.StartRow();
        row.Write(one.CallRef, NpgsqlDbType.Text);
        row.Write(one.SentAt.UtcDateTime, NpgsqlDbType.TimestampTz);
        row.Write(one.MessageId, NpgsqlDbType.Uuid);
        row.Write(CallEventSql.SourceName(one.Source), NpgsqlDbType.Text);
        row.Write(one.Type, NpgsqlDbType.Text);
        row.Write(one.Kind.ToString(), NpgsqlDbType.Text);
        row.Write(one.ProviderCallId, NpgsqlDbType.Text);
        row.Write(one.ReceivedAt.UtcDateTime, NpgsqlDbType.TimestampTz);
        row.Write(Encoding.UTF8.GetString(one.Facts.ToJson()), NpgsqlDbType.Text);
        row.Write($$"""{"message":{"type":"{{one.Type}}"} }""", NpgsqlDbType.Text);
    }

    public static void WriteCall(NpgsqlBinaryImporter row, CallState call)
    {
        row.StartRow();
        row.Write(call.CallId, NpgsqlDbType.Text);
        row.Write(call.Version, NpgsqlDbType.Bigint);
        row.Write(call.Status, NpgsqlDbType.Text);
        row.Write(call.EndedReason, NpgsqlDbType.Text);
        row.Write(call.EndedClass, NpgsqlDbType.Text);
        row.Write(call.Side, NpgsqlDbType.Text);
        row.Write(call.Type, NpgsqlDbType.Text);
        row.Write(call.OpenedAt.UtcDateTime, NpgsqlDbType.TimestampTz);
        row.Write(call.StartedAt?.UtcDateTime, NpgsqlDbType.TimestampTz);
        row.Write(call.EndedAt?.UtcDateTime, NpgsqlDbType.TimestampTz);
        row.Write(call.LastEventAt.UtcDateTime, NpgsqlDbType.TimestampTz);
        row.Write(call.Caller, NpgsqlDbType.Text);
        row.Write(call.Line, NpgsqlDbType.Text);
        row.Write(call.Assistants is [var first, ..] ? first.Name : null, NpgsqlDbType.Text);
        row.Write(call.ProviderCallId, NpgsqlDbType.Text);
        row.Write(call.DurationMs, NpgsqlDbType.Bigint);
        row.Write(call.Cost, NpgsqlDbType.Numeric);
        row.Write(call.Success, NpgsqlDbType.Text);
        row.Write(call.HasReport, NpgsqlDbType.Boolean);
        row.Write(call.Turns.Select(t => (float)(t.Turn ?? 0)).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Real);
        row.Write(call.Anomalies.ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text);
        row.Write(CallFoldSql.Words(call), NpgsqlDbType.Text);
        row.Write(call.ToJson(), NpgsqlDbType.Text);
    }
}
