using Npgsql;
using ToolBackend.LocalStack.Processes;

namespace ToolBackend.LocalStack;

/// <summary>A private Postgres on a loopback port: own data folder, own password, no Unix socket, gone when we are gone.</summary>
public sealed class LocalPostgres : LocalServer
{
    private readonly LocalPostgresOptions _options;
    private readonly PostgresBinaries _binaries;
    private readonly UnprivilegedUser? _user;
    private readonly ClusterFiles _files;

    private LocalPostgres(LocalPostgresOptions options, PostgresBinaries binaries)
        : base("Postgres", options.Port, options.StartDeadline)
    {
        _options = options;
        _binaries = binaries;
        _user = UnprivilegedUser.ForServers();
        _files = new ClusterFiles(Path.GetFullPath(options.Folder), binaries, _user);
    }

    /// <summary>Of the superuser, to <see cref="LocalPostgresOptions.Database"/>.</summary>
    public string ConnectionString => ConnectionStringFor(_options.Database);

    public static bool IsInstalled => PostgresBinaries.Find() is not null;

    /// <summary>Creates the cluster when there is none, starts it and returns when it answers.</summary>
    public static async Task<LocalPostgres> StartNewAsync(LocalPostgresOptions options, CancellationToken cancellation = default)
    {
        var binaries = PostgresBinaries.Find() ?? throw new LocalStackException("Postgres is not installed: apt-get install postgresql, or brew install postgresql.");
        var server = new LocalPostgres(options, binaries);
        await server.StartAsync(cancellation);
        await server.CreateDatabaseWhenMissingAsync(cancellation);
        return server;
    }

    /// <summary>Throws a cluster away, ending first what may still run in it.</summary>
    public static async Task EraseAsync(string folder, CancellationToken cancellation = default)
    {
        var binaries = PostgresBinaries.Find() ?? throw new LocalStackException("Postgres is not installed.");
        await new ClusterFiles(Path.GetFullPath(folder), binaries, UnprivilegedUser.ForServers()).StopLeftoverAsync(cancellation);
        Directory.Delete(folder, recursive: true);
    }

    public string ConnectionStringFor(string database) => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = Port,
        Username = ClusterFiles.Superuser,
        Password = _files.Password,
        Database = database,
        SslMode = SslMode.Disable,
        GssEncryptionMode = GssEncryptionMode.Disable,
    }.ConnectionString;

    private protected override async Task PrepareAsync(CancellationToken cancellation)
    {
        await _files.CreateWhenMissingAsync(cancellation);
        await _files.StopLeftoverAsync(cancellation);
    }

    private protected override SupervisedProcessOptions Describe()
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["port"] = $"{Port}",
            ["listen_addresses"] = "127.0.0.1",
            ["unix_socket_directories"] = "",
            ["max_connections"] = $"{_options.MaxConnections}",
            ["timezone"] = "UTC",
            ["log_timezone"] = "UTC",
            ["synchronous_commit"] = "on",
            ["fsync"] = _options.Durable ? "on" : "off",
            ["full_page_writes"] = _options.Durable ? "on" : "off",
        };
        foreach (var (name, value) in _options.Settings)
        {
            settings[name] = value;
        }

        return new SupervisedProcessOptions
        {
            Name = Name,
            CommandLine = [_binaries.Server, "-D", _files.Data, .. settings.SelectMany(setting => new[] { "-c", $"{setting.Key}={setting.Value}" })],
            RunAs = _user,
            LogFile = _options.LogFile,
            // Fast shutdown: sessions are ended, everything is written. TERM would wait for every client to leave.
            StopSignal = "INT",
            StopGrace = TimeSpan.FromSeconds(20),
        };
    }

    private protected override async Task<bool> ProbeAsync(CancellationToken cancellation)
    {
        try
        {
            await using var connection = await OpenAsync(cancellation);
            await using var command = new NpgsqlCommand("select 1", connection);
            return await command.ExecuteScalarAsync(cancellation) is 1;
        }
        catch (NpgsqlException)
        {
            // Refused or "the database system is starting up": not ready is the answer, the caller holds the deadline.
            return false;
        }
    }

    private async Task CreateDatabaseWhenMissingAsync(CancellationToken cancellation)
    {
        await using var connection = await OpenAsync(cancellation);
        await using var exists = new NpgsqlCommand("select 1 from pg_database where datname = $1", connection);
        exists.Parameters.Add(new NpgsqlParameter { Value = _options.Database });
        if (await exists.ExecuteScalarAsync(cancellation) is null)
        {
            var name = _options.Database.Replace("\"", "\"\"", StringComparison.Ordinal);
            await using var create = new NpgsqlCommand($"create database \"{name}\"", connection);
            await create.ExecuteNonQueryAsync(cancellation);
        }
    }

    private async Task<NpgsqlConnection> OpenAsync(CancellationToken cancellation)
    {
        var address = new NpgsqlConnectionStringBuilder(ConnectionStringFor("postgres")) { Pooling = false, Timeout = 5 };
        var connection = new NpgsqlConnection(address.ConnectionString);
        try
        {
            await connection.OpenAsync(cancellation);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }
}
