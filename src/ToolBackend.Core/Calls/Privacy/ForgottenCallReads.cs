using Npgsql;
using ToolBackend.Core.Data;
using ToolBackend.Core.Resilience;

namespace ToolBackend.Core.Calls.Privacy;

/// <summary>Which calls were forgotten lately, for who keeps something of calls outside of Postgres.</summary>
public sealed class ForgottenCallReads(Database database)
{
    /// <summary>Names of calls, the carrier's among them, that were forgotten at or after <paramref name="since"/>.</summary>
    /// <exception cref="UpstreamException">Postgres does not answer.</exception>
    public Task<IReadOnlyList<string>> SinceAsync(DateTimeOffset since, CancellationToken cancellation) =>
        database.ReadAsync<IReadOnlyList<string>>(async (connection, deadline) =>
        {
            await using var command = new NpgsqlCommand("select alias from call_forgotten where at >= $1", connection) { Parameters = { new NpgsqlParameter<DateTime> { TypedValue = since.UtcDateTime } } };
            await using var rows = await command.ExecuteReaderAsync(deadline).ConfigureAwait(false);
            var names = new List<string>();
            while (await rows.ReadAsync(deadline).ConfigureAwait(false))
            {
                names.Add(rows.GetString(0));
            }

            return names;
        }, cancellation);
}
