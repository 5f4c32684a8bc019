using System.Text;
using Npgsql;
using NpgsqlTypes;
using ToolBackend.Core.Calls.Events;

namespace ToolBackend.Core.Calls.Retention;

/// <summary>Takes what was said out of events: what is left is as if content had never been stored.</summary>
internal static class ContentRemoval
{
    private const string Strip = """
        update call_event e set body = null, facts = s.facts
        from unnest($1::text[], $2::timestamptz[], $3::uuid[], $4::text[]) as s (call_ref, sent_at, message_id, facts)
        where e.call_ref = s.call_ref and e.sent_at = s.sent_at and e.message_id = s.message_id
        """;

    /// <summary>The facts without utterances, tool results, summary, structured outputs and recordings.</summary>
    public static CallFacts Of(CallFacts facts) => facts with
    {
        Utterance = null,
        Conversation = null,
        Tools = facts.Tools?.Select(tool => tool with { Result = null }).ToList(),
        Report = facts.Report is { } report ? report with { Summary = null, StructuredOutputs = null, Recordings = null } : null,
    };

    public static bool HasContent(CallFacts facts) =>
        facts is { Utterance: not null } or { Conversation: not null } or { Report: { Summary: not null } or { StructuredOutputs: not null } or { Recordings: not null } }
        || facts.Tools?.Any(tool => tool.Result is not null) == true;

    /// <summary>Strips all events under these references. Returns how many had content.</summary>
    public static async Task<int> StripAsync(NpgsqlConnection connection, string[] callRefs, CancellationToken cancellation)
    {
        List<string> refs = [], facts = [];
        List<DateTime> times = [];
        List<Guid> ids = [];
        await using (var read = new NpgsqlCommand("select call_ref, sent_at, message_id, facts, body is not null from call_event where call_ref = any($1)", connection) { Parameters = { new NpgsqlParameter<string[]> { TypedValue = callRefs } } })
        {
            await using var row = await read.ExecuteReaderAsync(cancellation);
            while (await row.ReadAsync(cancellation))
            {
                var known = CallFacts.Parse(row.GetString(3));
                if (row.GetBoolean(4) || HasContent(known))
                {
                    refs.Add(row.GetString(0));
                    times.Add(row.GetDateTime(1));
                    ids.Add(row.GetGuid(2));
                    facts.Add(Encoding.UTF8.GetString(Of(known).ToJson()));
                }
            }
        }

        if (refs.Count == 0)
        {
            return 0;
        }

        await using var write = new NpgsqlCommand(Strip, connection)
        {
            Parameters =
            {
                new NpgsqlParameter<string[]> { TypedValue = [.. refs] },
                new NpgsqlParameter<DateTime[]> { TypedValue = [.. times], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz },
                new NpgsqlParameter<Guid[]> { TypedValue = [.. ids] },
                new NpgsqlParameter<string[]> { TypedValue = [.. facts] },
            },
        };
        return await write.ExecuteNonQueryAsync(cancellation);
    }
}
