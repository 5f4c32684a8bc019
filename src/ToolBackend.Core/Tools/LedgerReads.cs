using Npgsql;
using NpgsqlTypes;
using ToolBackend.Core.Data;
using ToolBackend.Core.Resilience;

namespace ToolBackend.Core.Tools;

/// <summary>A write that was committed in a call.</summary>
/// <param name="Result">The sentence for the model.</param>
public sealed record WrittenCall(string ToolCallId, string Tool, string Result, bool Failed, DateTimeOffset At)
{
    public override string ToString() => $"{Tool} {ToolCallId}";
}

/// <summary>What the ledger knows of a call's writes: the truth, whoever heard of it.</summary>
public sealed class LedgerReads(Database database)
{
    private const int Most = 100;

    /// <exception cref="UpstreamException">Postgres does not answer.</exception>
    public Task<IReadOnlyList<WrittenCall>> OfAsync(string callId, CancellationToken cancellation) => database.ReadAsync<IReadOnlyList<WrittenCall>>(
        async (connection, deadline) =>
        {
            var command = new NpgsqlCommand("select tool_call_id, tool, result, failed, created_at from tool_call_ledger where call_id = $1 and result is not null order by created_at limit $2", connection)
            {
                Parameters = { new() { Value = callId, NpgsqlDbType = NpgsqlDbType.Text }, new() { Value = Most, NpgsqlDbType = NpgsqlDbType.Integer } },
            };
            await using var _ = command.ConfigureAwait(false);
            var rows = await command.ExecuteReaderAsync(deadline).ConfigureAwait(false);
            await using var __ = rows.ConfigureAwait(false);
            var written = new List<WrittenCall>();
            while (await rows.ReadAsync(deadline).ConfigureAwait(false))
            {
                written.Add(new WrittenCall(rows.GetString(0), rows.GetString(1), rows.GetString(2), rows.GetBoolean(3), rows.GetFieldValue<DateTimeOffset>(4)));
            }

            return written;
        },
        cancellation);
}
