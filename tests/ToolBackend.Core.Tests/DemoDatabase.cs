using Npgsql;
using ToolBackend.Core.Data.Migrations;
using ToolBackend.Core.Data.Seeding;
using ToolBackend.Testing;

namespace ToolBackend.Core.Tests;

/// <summary>A database of one test class with the schema and the demo data.</summary>
public sealed class DemoDatabase(PostgresCluster cluster) : IAsyncLifetime
{
    private TestDatabase? _database;

    public string ConnectionString => _database!.ConnectionString;

    public NpgsqlDataSource Source { get; private set; } = null!;

    /// <summary>A weekday two weeks and more ahead, on which the demo clinic works and has nothing booked.</summary>
    public static DateOnly FreeDay { get; } = Enumerable.Range(15, 7)
        .Select(days => DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime).AddDays(days)).First(d => d.DayOfWeek is DayOfWeek.Tuesday);

    public async ValueTask InitializeAsync()
    {
        _database = await cluster.CreateDatabaseAsync(SetUpAsync, "demo");
        Source = NpgsqlDataSource.Create(_database.ConnectionString);
    }

    public async Task<T> ScalarAsync<T>(string sql)
    {
        await using var command = Source.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync(CancellationToken.None))!;
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var command = Source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(CancellationToken.None);
    }

    /// <summary>Pairs of active bookings that share time with the same practitioner.</summary>
    public Task<long> OverlapsAsync() => ScalarAsync<long>("""
        select count(*) from appointment a join appointment b
          on a.practitioner_id = b.practitioner_id and a.appointment_id < b.appointment_id and a.occupied && b.occupied
        where a.status = 'booked' and b.status = 'booked'
        """);

    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        await _database!.DisposeAsync();
    }

    private static async Task SetUpAsync(string connectionString)
    {
        await new MigrationRunner(TimeProvider.System).MigrateAsync(connectionString, CancellationToken.None);
        await using var source = NpgsqlDataSource.Create(connectionString);
        await DemoSeed.RunAsync(source, today: null, CancellationToken.None);
    }
}
