using Npgsql;
using NpgsqlTypes;
using ToolBackend.Core.Data;
using ToolBackend.Core.Resilience;

namespace ToolBackend.Core.Calls.Routing;

/// <summary>The routes in Postgres (<c>call_route</c>).</summary>
public sealed class CallRouteStore(Database database)
{
    /// <exception cref="UpstreamException">Postgres does not answer.</exception>
    public Task<IReadOnlyList<CallRoute>> ListAsync(CancellationToken cancellation) => database.ReadAsync<IReadOnlyList<CallRoute>>(ReadAsync, cancellation);

    /// <exception cref="UpstreamException">Postgres does not answer, or refused.</exception>
    public Task SetAsync(CallRoute route, CancellationToken cancellation) => database.WriteAsync(
        async (connection, transaction, deadline) =>
        {
            var command = new NpgsqlCommand(
                """
                insert into call_route (line, mode, percent, changed_at, changed_by) values ($1, $2, $3, $4, $5)
                on conflict (line) do update set mode = excluded.mode, percent = excluded.percent, changed_at = excluded.changed_at, changed_by = excluded.changed_by
                """,
                connection)
            {
                Parameters =
                {
                    new() { Value = route.Line, NpgsqlDbType = NpgsqlDbType.Text },
                    new() { Value = route.Mode.ToString().ToLowerInvariant(), NpgsqlDbType = NpgsqlDbType.Text },
                    new() { Value = route.Percent, NpgsqlDbType = NpgsqlDbType.Integer },
                    new() { Value = route.ChangedAt.UtcDateTime, NpgsqlDbType = NpgsqlDbType.TimestampTz },
                    new() { Value = route.ChangedBy, NpgsqlDbType = NpgsqlDbType.Text },
                },
            };
            await using var _ = command.ConfigureAwait(false);
            return await command.ExecuteNonQueryAsync(deadline).ConfigureAwait(false);
        },
        cancellation);

    private static async Task<IReadOnlyList<CallRoute>> ReadAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var command = new NpgsqlCommand("select line, mode, percent, changed_at, changed_by from call_route order by line", connection);
        await using var _ = command.ConfigureAwait(false);
        var rows = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        await using var __ = rows.ConfigureAwait(false);
        var routes = new List<CallRoute>();
        while (await rows.ReadAsync(cancellation).ConfigureAwait(false))
        {
            routes.Add(new CallRoute(rows.GetString(0), Enum.Parse<RouteMode>(rows.GetString(1), ignoreCase: true), rows.GetInt32(2), rows.GetFieldValue<DateTimeOffset>(3), rows.GetString(4)));
        }

        return routes;
    }
}
