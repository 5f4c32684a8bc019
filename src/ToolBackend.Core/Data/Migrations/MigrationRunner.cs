using Npgsql;
using NpgsqlTypes;

namespace ToolBackend.Core.Data.Migrations;

/// <summary>
/// Brings a database to the schema of <c>db/migrations</c>: forward only, one transaction per file, under one advisory lock,
/// so that replicas that start together take turns and the later ones find the work done.
/// </summary>
/// <remarks>
/// The lock belongs to the session: run migrations on a direct connection, not through a pooler in transaction mode.
/// </remarks>
public sealed class MigrationRunner(IReadOnlyList<MigrationFile> files, TimeProvider time)
{
    // Any constant will do as long as nothing else in the database takes it.
    private const long LockKey = 0x746F_6F6C_6264_6231;

    private const string CreateTable = """
        create table if not exists schema_migration (
          version     int primary key,
          name        text not null,
          checksum    bytea not null,
          applied_at  timestamptz not null default now(),
          duration_ms int not null
        )
        """;

    public MigrationRunner(TimeProvider time)
        : this(MigrationFile.Embedded(), time)
    {
    }

    /// <summary>How long to wait for another runner. Default 2 minutes; then a <see cref="MigrationException"/> says so.</summary>
    public TimeSpan LockDeadline { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// How long a statement may wait for a table's lock. Default 30 s: a migration that queues behind a long read makes
    /// every later reader queue behind itself.
    /// </summary>
    public TimeSpan TableLockDeadline { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long one file may run. Default 30 minutes.</summary>
    public TimeSpan FileDeadline { get; init; } = TimeSpan.FromMinutes(30);

    /// <inheritdoc cref="MigrateAsync(NpgsqlDataSource, CancellationToken)"/>
    public async Task<MigrationReport> MigrateAsync(string connectionString, CancellationToken cancellationToken)
    {
        await using var dataSource = NpgsqlDataSource.Create(connectionString);
        return await MigrateAsync(dataSource, cancellationToken);
    }

    /// <summary>Applies what is pending. Safe to run from many processes at once, and again.</summary>
    /// <exception cref="MigrationException">Refused (edited, missing, out of order), failed, or the lock did not come free.</exception>
    public async Task<MigrationReport> MigrateAsync(NpgsqlDataSource dataSource, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
            await LockAsync(connection, cancellationToken);
            try
            {
                return await MigrateLockedAsync(connection, cancellationToken);
            }
            finally
            {
                await UnlockAsync(connection);
            }
        }
        catch (NpgsqlException unavailable)
        {
            throw MigrationException.From(null, unavailable);
        }
    }

    /// <summary>Where every migration stands. Reads only, takes no lock; on an empty database all are pending.</summary>
    /// <exception cref="MigrationException">The database does not answer.</exception>
    public async Task<IReadOnlyList<MigrationStatus>> StatusAsync(NpgsqlDataSource dataSource, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
            return MigrationPlan.Compare(files, await AppliedAsync(connection, cancellationToken));
        }
        catch (NpgsqlException unavailable)
        {
            throw MigrationException.From(null, unavailable);
        }
    }

    private async Task<MigrationReport> MigrateLockedAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await ExecuteAsync(connection, $"set lock_timeout = {(long)TableLockDeadline.TotalMilliseconds}", cancellationToken);
        var plan = MigrationPlan.Compare(files, await AppliedAsync(connection, cancellationToken));
        foreach (var status in plan)
        {
            if (MigrationPlan.Refusal(status) is { } refusal)
            {
                throw new MigrationException(status.Name, null, refusal);
            }
        }

        var pending = plan.Where(status => status.State == MigrationState.Pending).Select(status => status.Version).ToHashSet();
        if (pending.Count > 0)
        {
            await ExecuteAsync(connection, CreateTable, cancellationToken);
        }
        var applied = new List<AppliedNow>(pending.Count);
        foreach (var file in files.Where(file => pending.Contains(file.Version)))
        {
            applied.Add(await ApplyAsync(connection, file, cancellationToken));
        }
        return new MigrationReport(applied, plan.Count - applied.Count);
    }

    // The whole text goes through EXECUTE on the server: the server splits it, places in errors are places in the file,
    // and a stray COMMIT in a file is refused instead of ending the file's transaction early.
    private async Task<AppliedNow> ApplyAsync(NpgsqlConnection connection, MigrationFile file, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        try
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await using (var text = new NpgsqlCommand("select set_config('toolbackend.migration', $1, true)", connection, transaction))
            {
                text.Parameters.Add(new NpgsqlParameter<string> { TypedValue = file.Sql });
                await text.ExecuteNonQueryAsync(cancellationToken);
            }
            await using (var run = new NpgsqlCommand("do $$ begin execute current_setting('toolbackend.migration'); end $$", connection, transaction))
            {
                run.CommandTimeout = (int)FileDeadline.TotalSeconds;
                await run.ExecuteNonQueryAsync(cancellationToken);
            }
            var duration = time.GetElapsedTime(started);
            await using (var record = new NpgsqlCommand(
                "insert into schema_migration (version, name, checksum, duration_ms) values ($1, $2, $3, $4)", connection, transaction))
            {
                record.Parameters.Add(new NpgsqlParameter<int> { TypedValue = file.Version });
                record.Parameters.Add(new NpgsqlParameter<string> { TypedValue = file.Name });
                record.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = file.Checksum, NpgsqlDbType = NpgsqlDbType.Bytea });
                record.Parameters.Add(new NpgsqlParameter<int> { TypedValue = (int)duration.TotalMilliseconds });
                await record.ExecuteNonQueryAsync(cancellationToken);
            }
            await transaction.CommitAsync(cancellationToken);
            return new AppliedNow(file.Version, file.Name, duration);
        }
        catch (PostgresException refused)
        {
            throw MigrationException.From(file, refused);
        }
    }

    private async Task LockAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await ExecuteAsync(connection, $"set lock_timeout = {(long)LockDeadline.TotalMilliseconds}", cancellationToken);
        try
        {
            await using var take = new NpgsqlCommand($"select pg_advisory_lock({LockKey})", connection);
            take.CommandTimeout = (int)LockDeadline.TotalSeconds + 5;
            await take.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (PostgresException late) when (late.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            throw new MigrationException(null, null,
                $"another process has been migrating this database for {LockDeadline.TotalSeconds:0} s: see pg_stat_activity, then run again", late);
        }
    }

    // A pooled connection keeps its session when it is closed, and with it the lock. A broken one lost both already.
    private static async Task UnlockAsync(NpgsqlConnection connection)
    {
        if (connection.State == System.Data.ConnectionState.Open)
        {
            await ExecuteAsync(connection, $"reset lock_timeout; select pg_advisory_unlock({LockKey})", CancellationToken.None);
        }
    }

    private static async Task<IReadOnlyList<AppliedMigration>> AppliedAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using (var exists = new NpgsqlCommand("select to_regclass('schema_migration') is not null", connection))
        {
            if (await exists.ExecuteScalarAsync(cancellationToken) is not true)
            {
                return [];
            }
        }
        var rows = new List<AppliedMigration>();
        await using var query = new NpgsqlCommand("select version, name, checksum, applied_at from schema_migration order by version", connection);
        await using var reader = await query.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(new AppliedMigration(
                reader.GetInt32(0), reader.GetString(1), reader.GetFieldValue<byte[]>(2), reader.GetFieldValue<DateTimeOffset>(3)));
        }
        return rows;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
