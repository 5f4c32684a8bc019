using Microsoft.AspNetCore.Builder;
using Npgsql;
using ToolBackend.Core.Data.Migrations;
using ToolBackend.Core.Data.Seeding;
using ToolBackend.Testing;

namespace ToolBackend.Api.Tests;

/// <summary>
/// The real Api on a real socket, over a database of its own with the demo data: <c>IClassFixture&lt;ApiFixture&gt;</c>. A class that needs other
/// settings derives its own fixture and overrides <see cref="Settings"/>; more hosts on the same database come from <see cref="StartNodeAsync"/>.
/// </summary>
public class ApiFixture(PostgresCluster cluster, RedisServer redis) : IAsyncLifetime
{
    private TestDatabase? _database;
    private NpgsqlDataSource? _source;
    private ApiNode? _node;

    public PostgresCluster Cluster { get; } = cluster;

    public RedisServer Redis { get; } = redis;

    /// <summary>The host that this fixture started.</summary>
    public ApiNode Node => _node ?? throw new InvalidOperationException("The fixture has not been started by the test runner.");

    public HttpClient Http => Node.Http;

    /// <summary>A client that sends the operator's key.</summary>
    public HttpClient Operator => Node.Operator;

    public CapturedLogs Logs => Node.Logs;

    public string ConnectionString => _database?.ConnectionString ?? throw new InvalidOperationException("The fixture has not been started by the test runner.");

    /// <summary>Straight to the database, past the host.</summary>
    public NpgsqlDataSource Database => _source ??= NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(ConnectionString) { Pooling = false }.ConnectionString);

    /// <summary>Configuration of every host of this fixture, over the defaults. Null removes a default.</summary>
    protected virtual IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>(StringComparer.Ordinal);

    /// <summary>Changes to every host of this fixture, such as another clock.</summary>
    protected virtual Action<WebApplicationBuilder>? Adjust => null;

    public async ValueTask InitializeAsync()
    {
        _database = await Cluster.CreateDatabaseAsync(MigrateAndSeedAsync, "demo");
        _node = await StartNodeAsync();
    }

    /// <summary>Another host on the same database; the caller disposes it.</summary>
    /// <param name="settings">Over the fixture's own, such as a connection string through a proxy.</param>
    /// <param name="ready">False returns as soon as it listens, for hosts that cannot become ready.</param>
    public async Task<ApiNode> StartNodeAsync(IReadOnlyDictionary<string, string?>? settings = null, bool ready = true)
    {
        var node = await ApiNode.StartAsync(AllSettings(settings), Adjust);
        try
        {
            if (ready)
            {
                await node.WaitUntilReadyAsync();
            }

            return node;
        }
        catch
        {
            await node.DisposeAsync();
            throw;
        }
    }

    /// <summary>What a host of this fixture is configured with.</summary>
    public IReadOnlyDictionary<string, string?> AllSettings(IReadOnlyDictionary<string, string?>? more = null)
    {
        var all = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["ConnectionStrings:Postgres"] = ConnectionString,
            ["ConnectionStrings:Redis"] = Redis.Endpoint,
            ["Redis:KeyPrefix"] = _database!.Name.Replace('_', '-'),
            ["Postgres:MaxConnections"] = "16",
            // Tests write calls of years long gone, and a sweep begins whenever a host becomes the leader.
            ["Retention:CallDays"] = "0",
            ["Retention:ContentDays"] = "0",
            ["Retention:ToolInvocationDays"] = "0",
            ["Retention:TranscriptAccessDays"] = "0",
        };
        foreach (var (name, value) in Settings.Concat(more ?? new Dictionary<string, string?>(StringComparer.Ordinal)))
        {
            all[name] = value;
        }

        return all;
    }

    /// <inheritdoc cref="ApiNode.PostToolCallAsync"/>
    public Task<ToolCallReply> PostToolCallAsync(
        string tool, string argumentsJson = "{}", string? callId = null, string? toolCallId = null, string? caller = null, DateTimeOffset? sentAt = null) =>
        Node.PostToolCallAsync(tool, argumentsJson, callId, toolCallId, caller, sentAt);

    public async Task<object?> QueryAsync(string sql)
    {
        await using var command = Database.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_node is not null)
        {
            await _node.DisposeAsync();
        }

        if (_source is not null)
        {
            await _source.DisposeAsync();
        }

        if (_database is not null)
        {
            await _database.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>The schema and the demo data, into an empty database.</summary>
    public static async Task MigrateAndSeedAsync(string connectionString)
    {
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await new MigrationRunner(TimeProvider.System).MigrateAsync(source, CancellationToken.None);
        await DemoSeed.RunAsync(source, today: null, CancellationToken.None);
    }
}
