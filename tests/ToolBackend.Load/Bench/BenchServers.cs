using System.Security.Cryptography;
using System.Text;
using Npgsql;
using ToolBackend.Core.Data.Migrations;
using ToolBackend.Core.Data.Seeding;
using ToolBackend.LocalStack;
using ToolBackend.Load.Children;
using ToolBackend.Vapi.Webhooks;

namespace ToolBackend.Load.Bench;

/// <summary>
/// Postgres and Redis of the benchmark's own, durable and with as much memory as in production and kept between runs in <c>.local/bench-data</c>: a million rows
/// are made once, and the demo's data are never touched.
/// </summary>
internal sealed class BenchServers : IAsyncDisposable
{
    private const string SeededMark = "seeded";

    /// <summary>Megabytes of Postgres's own page cache: a quarter of the machine's memory, as its manual advises, of which more than this would stay empty here.</summary>
    private static readonly long s_sharedBuffers = Math.Min(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4, 4L << 30) >> 20;

    private readonly LocalPostgres _postgres;
    private readonly LocalRedis _redis;

    private BenchServers(LocalPostgres postgres, LocalRedis redis) => (_postgres, _redis) = (postgres, redis);

    /// <summary>Known to the driver and the servers of this run only.</summary>
    public WebhookAuthenticationOptions Authentication { get; } = new() { Secret = RandomNumberGenerator.GetHexString(64, lowercase: true) };

    public string OperatorKey { get; } = RandomNumberGenerator.GetHexString(64, lowercase: true);

    public static async Task<BenchServers> StartAsync(CancellationToken cancellation)
    {
        var folder = Path.Combine(LocalFolders.ServerData(Repository.Root), "bench-data");
        var postgres = await LocalPostgres.StartNewAsync(
            new LocalPostgresOptions
            {
                Folder = folder,
                Database = "bench",
                LogFile = Repository.Local("logs", "bench-postgres.log"),
                Settings = new Dictionary<string, string>(StringComparer.Ordinal) { ["shared_buffers"] = $"{s_sharedBuffers}MB" },
            }, cancellation);
        try
        {
            return new BenchServers(postgres, await LocalRedis.StartNewAsync(cancellation: cancellation));
        }
        catch
        {
            await postgres.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _redis.DisposeAsync();
        await _postgres.DisposeAsync();
    }

    /// <summary>The product, ready, on one of the databases.</summary>
    public Task<ServerProcess> StartApiAsync(NpgsqlDataSource database, string name, CancellationToken cancellation) =>
        ServerProcess.StartAsync(ApiServer.Verb, "/readyz", ApiEnvironment(database, name), Repository.Local("logs", $"bench-{name}.log"), cancellation);

    public static Task<ServerProcess> StartBaselineAsync(CancellationToken cancellation) =>
        ServerProcess.StartAsync(
            BaselineServer.Verb, "/", new Dictionary<string, string?>(StringComparer.Ordinal), Repository.Local("logs", "bench-baseline.log"), cancellation);

    /// <param name="database">The database it runs on.</param>
    /// <param name="name">Keeps its keys in Redis apart from the others'.</param>
    public IReadOnlyDictionary<string, string?> ApiEnvironment(NpgsqlDataSource database, string name) => new Dictionary<string, string?>(StringComparer.Ordinal)
    {
        ["ConnectionStrings__Postgres"] = _postgres.ConnectionStringFor(new NpgsqlConnectionStringBuilder(database.ConnectionString).Database!),
        ["ConnectionStrings__Redis"] = _redis.Endpoint,
        ["Redis__KeyPrefix"] = name,
        ["Vapi__Webhook__Secret"] = Authentication.Secret,
        ["Operator__KeyHash"] = "sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(OperatorKey))),
        ["Host__ReadinessGraceSeconds"] = "0",
        ["ASPNETCORE_ENVIRONMENT"] = "Production",
        ["DOTNET_ENVIRONMENT"] = "Production",
        ["ASPNETCORE_URLS"] = null,
    };

    /// <summary>A database with so many generated shipments, made when there is none.</summary>
    public async Task<NpgsqlDataSource> ShipmentsAsync(long shipments, TextWriter output, CancellationToken cancellation)
    {
        var database = await SeededAsync($"bench_shipments_{shipments}", $"{shipments:N0} shipments", new GeneratorOptions { Shipments = shipments }, output, cancellation);
        await ReadIntoMemoryAsync(database, output, cancellation);
        return database;
    }

    /// <summary>A database with so many generated calls and five times as many events, made when there is none.</summary>
    public Task<NpgsqlDataSource> CallsAsync(long calls, TextWriter output, CancellationToken cancellation) =>
        SeededAsync($"bench_calls_{calls}", $"{calls:N0} calls", new GeneratorOptions { Calls = calls }, output, cancellation);

    /// <summary>As a server's is that has been up for a day: a read that misses our caches is not meant to measure how long ago Postgres was started.</summary>
    private static async Task ReadIntoMemoryAsync(NpgsqlDataSource database, TextWriter output, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("""
            create extension if not exists pg_prewarm;
            select current_database() || ': ' || pg_size_pretty(8192 * sum(pg_prewarm(oid)))
            from pg_class where relkind in ('r', 'i') and relnamespace = 'public'::regnamespace
            """);
        command.CommandTimeout = 120;
        await output.WriteLineAsync($"in Postgres's memory ({s_sharedBuffers} MB): {await command.ExecuteScalarAsync(cancellation)}");
    }

    private async Task<NpgsqlDataSource> SeededAsync(string name, string what, GeneratorOptions generate, TextWriter output, CancellationToken cancellation)
    {
        if (await IsSeededAsync(name, cancellation))
        {
            return await OpenMigratedAsync(name, cancellation);
        }

        await output.WriteLineAsync($"Generating {what} (kept for later runs) ...");
        await RecreateAsync(name, cancellation);
        var database = await OpenMigratedAsync(name, cancellation);
        await new Generator(database, TimeProvider.System).RunAsync(generate, null, cancellation);
        await ExecuteAsync($"comment on database {name} is '{SeededMark}'", cancellation);
        return database;
    }

    /// <summary>A new empty scratch database for bookings.</summary>
    public async Task<NpgsqlDataSource> BookingsAsync(CancellationToken cancellation)
    {
        const string name = "bench_bookings";
        await RecreateAsync(name, cancellation);
        return await OpenMigratedAsync(name, cancellation);
    }

    /// <summary>A new empty scratch database for calls.</summary>
    public async Task<NpgsqlDataSource> EmptyCallsAsync(CancellationToken cancellation)
    {
        const string name = "bench_calls_empty";
        await RecreateAsync(name, cancellation);
        return await OpenMigratedAsync(name, cancellation);
    }

    private async Task<NpgsqlDataSource> OpenMigratedAsync(string name, CancellationToken cancellation)
    {
        // The password has to stay readable: the children get this connection string.
        var database = NpgsqlDataSource.Create(_postgres.ConnectionStringFor(name));
        try
        {
            await new MigrationRunner(TimeProvider.System).MigrateAsync(database, cancellation);
            return database;
        }
        catch (MigrationException error)
        {
            await database.DisposeAsync();
            throw new LoadException($"{name} was made by other migrations ({error.Message}). Remove it: rm -r .local/bench-data");
        }
    }

    private async Task<bool> IsSeededAsync(string name, CancellationToken cancellation)
    {
        await using var admin = NpgsqlDataSource.Create(_postgres.ConnectionString);
        await using var command = admin.CreateCommand("select shobj_description(oid, 'pg_database') from pg_database where datname = $1");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = name });
        return await command.ExecuteScalarAsync(cancellation) is SeededMark;
    }

    private async Task RecreateAsync(string name, CancellationToken cancellation)
    {
        await ExecuteAsync($"drop database if exists {name} with (force)", cancellation);
        await ExecuteAsync($"create database {name}", cancellation);
    }

    private async Task ExecuteAsync(string sql, CancellationToken cancellation)
    {
        await using var admin = NpgsqlDataSource.Create(_postgres.ConnectionString);
        await using var command = admin.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
