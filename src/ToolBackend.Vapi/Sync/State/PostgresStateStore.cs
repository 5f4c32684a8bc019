using System.Globalization;
using Npgsql;

namespace ToolBackend.Vapi.Sync.State;

/// <summary>The state as a row of <c>sync_state</c>, for teams whose pipelines cannot commit. An advisory lock keeps two applies apart, wherever they run.</summary>
public sealed class PostgresStateStore(NpgsqlDataSource database, string environment) : IStateStore
{
    // "tbsync" as a number, to stand apart from the locks of others.
    private const int LockSpace = 0x7462_7379;

    private long? _version;

    public string Place => $"table sync_state, environment {environment}";

    public async Task<SyncState?> ReadAsync(CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("select version, document from sync_state where environment = $1");
        command.Parameters.AddWithValue(environment);
        await using var row = await command.ExecuteReaderAsync(cancellation);
        if (!await row.ReadAsync(cancellation))
        {
            _version = null;
            return null;
        }

        _version = row.GetInt64(0);
        return StateJson.Parse(row.GetString(1), Place);
    }

    public async Task<IAsyncDisposable> LockAsync(CancellationToken cancellation)
    {
        var connection = await database.OpenConnectionAsync(cancellation);
        try
        {
            await using var take = new NpgsqlCommand("select pg_try_advisory_lock($1, hashtext($2))", connection);
            take.Parameters.AddWithValue(LockSpace);
            take.Parameters.AddWithValue(environment);
            if (await take.ExecuteScalarAsync(cancellation) is not true)
            {
                throw new StateException($"Another apply of {environment} is running; it holds the lock in the database.");
            }

            return new Lease(connection, environment);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    // The version is a second net: a lock that was lost with its connection is noticed here.
    public async Task WriteAsync(SyncState state, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            """
            insert into sync_state as kept (environment, version, document) values ($1, 1, $2)
            on conflict (environment) do update set version = kept.version + 1, document = excluded.document, updated_at = now() where kept.version = $3
            returning version
            """);
        command.Parameters.AddWithValue(environment);
        command.Parameters.AddWithValue(StateJson.Write(state));
        command.Parameters.AddWithValue(_version ?? 0);
        _version = await command.ExecuteScalarAsync(cancellation) is long written
            ? written
            : throw new StateException(string.Create(CultureInfo.InvariantCulture, $"The state of {environment} was changed by somebody else since it was read (it was version {_version ?? 0})."));
    }

    private sealed class Lease(NpgsqlConnection connection, string environment) : IAsyncDisposable
    {
        // A pooled connection keeps its session's lock when it is closed.
        public async ValueTask DisposeAsync()
        {
            try
            {
                await using var release = new NpgsqlCommand("select pg_advisory_unlock($1, hashtext($2))", connection);
                release.Parameters.AddWithValue(LockSpace);
                release.Parameters.AddWithValue(environment);
                await release.ExecuteNonQueryAsync(CancellationToken.None);
            }
            finally
            {
                await connection.DisposeAsync();
            }
        }
    }
}
