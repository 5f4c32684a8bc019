using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using ToolBackend.Api.Hosting;
using ToolBackend.Core.Calls.Live;
using ToolBackend.Core.Data.Migrations;
using ToolBackend.Testing;

namespace ToolBackend.Cli.Tests;

/// <summary>The real Api in this process over a database of its own, for verbs that ask a service: <c>IClassFixture&lt;RunningApi&gt;</c>.</summary>
public sealed class RunningApi(PostgresCluster cluster) : IAsyncLifetime
{
    public const string Key = "cli-test-operator-key";

    private TestDatabase? _database;
    private WebApplication? _app;

    public NpgsqlDataSource Database { get; private set; } = null!;

    public string Url { get; private set; } = "";

    public LiveFeed Feed => _app!.Services.GetRequiredService<LiveFeed>();

    /// <summary>What a verb needs to find it.</summary>
    public IReadOnlyDictionary<string, string?> Environment => new Dictionary<string, string?>(StringComparer.Ordinal) { [OperatorClient.UrlVariable] = Url, [OperatorClient.KeyVariable] = Key };

    public async ValueTask InitializeAsync()
    {
        _database = await cluster.CreateDatabaseAsync(MigrateAsync);
        Database = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(_database.ConnectionString) { Pooling = false }.ConnectionString);
        await StartAsync("http://127.0.0.1:0");
    }

    /// <summary>Ends the service and starts it again at the same address.</summary>
    public async Task RestartAsync()
    {
        await StopAsync();
        await StartAsync(Url);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await Database.DisposeAsync();
        await _database!.DisposeAsync();
    }

    private async Task StartAsync(string url)
    {
        _app = ApiHost.Build(
            [
                "--environment=Development", $"--contentRoot={AppContext.BaseDirectory}", $"--urls={url}", "--Vapi:Webhook:Secret=test-webhook-secret-of-32-bytes!",
                $"--Operator:KeyHash=sha256:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Key)))}", $"--ConnectionStrings:Postgres={_database!.ConnectionString}",
                "--Postgres:MaxConnections=8",
            ],
            builder =>
            {
                builder.Logging.ClearProviders();
                // The test process's signals belong to the test runner.
                builder.Services.AddSingleton<IHostLifetime, NoSignals>();
            });
        await _app.StartAsync();
        Url = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
    }

    private async Task StopAsync()
    {
        if (_app is not null)
        {
            await _app.StopAsync();
            await _app.DisposeAsync();
        }
    }

    private static async Task MigrateAsync(string connectionString)
    {
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await new MigrationRunner(TimeProvider.System).MigrateAsync(source, CancellationToken.None);
    }

    private sealed class NoSignals : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
