using System.Diagnostics;
using Npgsql;
using ToolBackend.Core.Data.Migrations;
using ToolBackend.Testing;

namespace ToolBackend.Cli.Tests.Verbs;

public sealed class DbTests(PostgresCluster cluster) : IAsyncLifetime
{
    private TestDatabase _database = null!;
    private NpgsqlDataSource _dataSource = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await cluster.CreateDatabaseAsync();
        _dataSource = NpgsqlDataSource.Create(_database.ConnectionString);
    }

    public async ValueTask DisposeAsync()
    {
        await _dataSource.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Status_follows_the_database_from_pending_over_applied_to_edited()
    {
        (await RunAsync("status")).ExitCode.ShouldBe(ExitCodes.Pending);
        (await RunAsync("migrate")).ExitCode.ShouldBe(ExitCodes.Ok);
        (await RunAsync("migrate")).Output.ShouldContain("0 applied");

        var upToDate = await RunAsync("status");
        upToDate.ExitCode.ShouldBe(ExitCodes.Ok);
        upToDate.Output.ShouldContain("0001_scheduling.sql");
        upToDate.Output.ShouldNotContain("\e");
        (await RunAsync("status", "--color=always")).Output.ShouldContain("\e[32m");
        (await RunAsync("status", "--color=always", "--no-color")).Output.ShouldNotContain("\e");
        (await RunAsync("status", "--quiet")).Output.ShouldBeEmpty();

        await ExecuteAsync("update schema_migration set checksum = '\\x00' where version = 1");
        var edited = await RunAsync("status", "--json");
        edited.ExitCode.ShouldBe(ExitCodes.Diverged);
        edited.Objects[1].GetProperty("state").GetString().ShouldBe("edited");
        var refused = await RunAsync("migrate");
        refused.ExitCode.ShouldBe(ExitCodes.Error);
        refused.Error.ShouldContain("0001_scheduling.sql: was edited after it was applied");
    }

    [Fact]
    public async Task Json_has_a_header_then_one_object_per_line_and_people_read_standard_error()
    {
        var result = await RunAsync("migrate", "--json");

        result.ExitCode.ShouldBe(ExitCodes.Ok);
        result.Objects[0].ToString().ShouldBe("""{"schema":"toolbackend.cli/1","verb":"db migrate"}""");
        result.Objects.Skip(1).SkipLast(1).Select(migration => migration.GetProperty("name").GetString())
            .ShouldBe(MigrationFile.Embedded().Select(file => file.Name));
        result.Objects[^1].GetProperty("applied").GetInt32().ShouldBe(MigrationFile.Embedded().Count);
        result.Error.ShouldContain("applied 0001_scheduling.sql");
    }

    [Fact]
    public async Task Seed_wants_the_schema_then_puts_in_the_demo_set_and_generates_what_is_asked_for()
    {
        var early = await RunAsync("seed");
        early.ExitCode.ShouldBe(ExitCodes.Error);
        early.Error.ShouldContain("fix: toolbackend db migrate");

        await RunAsync("migrate");
        var demo = await RunAsync("seed");
        demo.ExitCode.ShouldBe(ExitCodes.Ok);
        demo.Output.ShouldContain("8 appointments, 7 shipments");

        var generated = await RunAsync("seed", "--shipments", "1200", "--appointments", "800", "--customers", "30", "--json");
        generated.ExitCode.ShouldBe(ExitCodes.Ok);
        generated.Objects[^1].GetProperty("shipments").GetInt32().ShouldBe(1200);
        await using var count = _dataSource.CreateCommand("select (select count(*) from shipment) * 10000 + (select count(*) from appointment)");
        (await count.ExecuteScalarAsync()).ShouldBe(1207_0808L);
    }

    [Fact]
    public async Task An_interrupted_migration_exits_130_and_the_next_one_runs()
    {
        await using (var holder = await _dataSource.OpenConnectionAsync())
        {
            // The same key as the runner's: keeps it waiting.
            await using var hold = new NpgsqlCommand($"select pg_advisory_lock({0x746F_6F6C_6264_6231})", holder);
            await hold.ExecuteNonQueryAsync();
            var process = CliProcess.Start(_database.ConnectionString, "db", "migrate");
            await using var waiting = new NpgsqlCommand("select exists (select from pg_locks where locktype = 'advisory' and not granted)", holder);
            while (await waiting.ExecuteScalarAsync() is false)
            {
                process.HasExited.ShouldBeFalse();
            }

            // SIGTERM takes the same way as Ctrl-C, and reaches a child of a background shell too.
            using var kill = Process.Start("kill", ["-TERM", process.Id.ToString()]);
            var result = await CliProcess.EndAsync(process);

            result.ExitCode.ShouldBe(ExitCodes.Interrupted);
            result.Error.ShouldContain("interrupted");
            await using var release = new NpgsqlCommand("select pg_advisory_unlock_all()", holder);
            await release.ExecuteNonQueryAsync();
        }

        (await RunAsync("migrate")).ExitCode.ShouldBe(ExitCodes.Ok);
    }

    private Task<CliResult> RunAsync(params string[] arguments) => CliProcess.RunAsync(_database.ConnectionString, ["db", .. arguments]);

    private async Task ExecuteAsync(string sql)
    {
        await using var command = _dataSource.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
