using Npgsql;
using ToolBackend.LocalStack;
using Xunit;

namespace ToolBackend.Testing;

/// <summary>
/// One private Postgres per test assembly: <c>[assembly: AssemblyFixture(typeof(PostgresCluster))]</c>.
/// Databases are copies of a template that is set up once, so a test class gets its own schema in tens of milliseconds.
/// </summary>
public sealed class PostgresCluster : IAsyncLifetime
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Task> _templates = new(StringComparer.Ordinal);
    private string? _folder;
    private LocalPostgres? _server;
    private int _databases;

    /// <summary>The server itself, for tests that stop, freeze or kill it. Such a test needs a server of its own: others use this one.</summary>
    public LocalPostgres Server => _server ?? throw new InvalidOperationException("The cluster has not been started by the test runner.");

    public async ValueTask InitializeAsync()
    {
        _folder = LocalFolders.NewTemporary();
        _server = await LocalPostgres.StartNewAsync(new LocalPostgresOptions { Folder = Path.Combine(_folder, "postgres"), Durable = false });
    }

    /// <summary>A new empty database.</summary>
    public Task<TestDatabase> CreateDatabaseAsync() => CreateAsync("template0");

    /// <summary>A new database, a copy of the template that <paramref name="templateSetup"/> fills once per run.</summary>
    /// <param name="templateSetup">Gets the connection string of the empty template; typically runs the migrations.</param>
    /// <param name="template">Names the template: callers with different set-ups give different names.</param>
    public async Task<TestDatabase> CreateDatabaseAsync(Func<string, Task> templateSetup, string template = "schema")
    {
        Task? ready;
        lock (_gate)
        {
            // A failed set-up stays: every test that needs it fails with the same reason.
            if (!_templates.TryGetValue(template, out ready))
            {
                _templates[template] = ready = BuildTemplateAsync(template, templateSetup);
            }
        }

        await ready;
        return await CreateAsync(template);
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        if (_folder is not null)
        {
            LocalFolders.TryDelete(_folder);
        }
    }

    internal async Task ExecuteAsync(string sql)
    {
        using var limit = new CancellationTokenSource(Deadline);
        var address = new NpgsqlConnectionStringBuilder(Server.ConnectionStringFor("postgres")) { Pooling = false, CommandTimeout = 60 };
        await using var connection = new NpgsqlConnection(address.ConnectionString);
        await connection.OpenAsync(limit.Token);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(limit.Token);
    }

    private async Task BuildTemplateAsync(string name, Func<string, Task> setup)
    {
        await ExecuteAsync($"create database \"{name}\" template template0");
        await setup(Server.ConnectionStringFor(name)).WaitAsync(Deadline);
        // A template with a session in it cannot be copied, and connection pools keep theirs.
        await ExecuteAsync($"alter database \"{name}\" with allow_connections false");
        await ExecuteAsync($"select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = '{name}'");
    }

    private async Task<TestDatabase> CreateAsync(string template)
    {
        var name = $"test_{Interlocked.Increment(ref _databases)}";
        // Copying files needs a checkpoint, which costs nothing without fsync; logging every page does not pay for a small schema.
        await ExecuteAsync($"create database {name} template \"{template}\" strategy file_copy");
        return new TestDatabase(this, name);
    }
}

/// <summary>A database of one test class; dropped with whatever still uses it.</summary>
public sealed class TestDatabase : IAsyncDisposable
{
    private readonly PostgresCluster _cluster;

    internal TestDatabase(PostgresCluster cluster, string name)
    {
        _cluster = cluster;
        Name = name;
        ConnectionString = cluster.Server.ConnectionStringFor(name);
    }

    public string Name { get; }

    public string ConnectionString { get; }

    public async ValueTask DisposeAsync() => await _cluster.ExecuteAsync($"drop database if exists {Name} with (force)");
}
