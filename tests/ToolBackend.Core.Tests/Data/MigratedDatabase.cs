using Npgsql;
using ToolBackend.Core.Data.Migrations;
using ToolBackend.Testing;

namespace ToolBackend.Core.Tests.Data;

/// <summary>A database of one test, with the real schema.</summary>
internal sealed class MigratedDatabase : IAsyncDisposable
{
    private readonly TestDatabase _database;

    private MigratedDatabase(TestDatabase database)
    {
        _database = database;
        DataSource = NpgsqlDataSource.Create(database.ConnectionString);
    }

    public NpgsqlDataSource DataSource { get; }

    public string ConnectionString => _database.ConnectionString;

    public static async Task<MigratedDatabase> CreateAsync(PostgresCluster cluster) => new(await cluster.CreateDatabaseAsync(
        connectionString => new MigrationRunner(TimeProvider.System).MigrateAsync(connectionString, CancellationToken.None)));

    public async Task<T> ScalarAsync<T>(string sql)
    {
        await using var command = DataSource.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync(CancellationToken.None))!;
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var command = DataSource.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await DataSource.DisposeAsync();
        await _database.DisposeAsync();
    }
}
