using Npgsql;
using ToolBackend.Core.Data.Migrations;
using ToolBackend.Testing;

namespace ToolBackend.Core.Tests.Data.Migrations;

public sealed class MigrationRunnerTests(PostgresCluster cluster) : IAsyncLifetime
{
    private static readonly MigrationFile Tables = MigrationFile.Parse("0001_tables.sql", "create table a (n int);\ninsert into a values (1);\n");
    private static readonly MigrationFile Slow = MigrationFile.Parse("0002_slow.sql", "select pg_sleep(0.2);\ninsert into a values (2);\n");

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
    public async Task The_built_in_migrations_run_on_an_empty_database_and_a_second_run_has_nothing_to_do()
    {
        var runner = new MigrationRunner(TimeProvider.System);
        var files = MigrationFile.Embedded();
        (await runner.StatusAsync(_dataSource, CancellationToken.None)).ShouldAllBe(status => status.State == MigrationState.Pending);

        var first = await runner.MigrateAsync(_dataSource, CancellationToken.None);
        var second = await runner.MigrateAsync(_dataSource, CancellationToken.None);

        first.Applied.Select(applied => applied.Name).ShouldBe(files.Select(file => file.Name));
        second.Applied.ShouldBeEmpty();
        second.Already.ShouldBe(files.Count);
        (await runner.StatusAsync(_dataSource, CancellationToken.None)).ShouldAllBe(status => status.State == MigrationState.Applied && status.AppliedAt != null);
    }

    [Fact]
    public async Task Runners_that_start_at_once_apply_every_file_once()
    {
        var runs = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Runner(Tables, Slow).MigrateAsync(_dataSource, CancellationToken.None)));

        runs.Sum(run => run.Applied.Count).ShouldBe(2);
        runs.Count(run => run.Already == 2).ShouldBe(3);
        (await CountAsync("a")).ShouldBe(2);
    }

    [Fact]
    public async Task A_runner_that_waits_too_long_says_so_and_the_next_one_gets_the_lock()
    {
        await using (var holder = await _dataSource.OpenConnectionAsync())
        {
            await using var hold = new NpgsqlCommand($"select pg_advisory_lock({0x746F_6F6C_6264_6231})", holder);
            await hold.ExecuteNonQueryAsync();
            var impatient = new MigrationRunner([Tables], TimeProvider.System) { LockDeadline = TimeSpan.FromMilliseconds(100) };

            var late = await Should.ThrowAsync<MigrationException>(impatient.MigrateAsync(_dataSource, CancellationToken.None));

            late.File.ShouldBeNull();
            late.Message.ShouldContain("another process");
            await using var release = new NpgsqlCommand("select pg_advisory_unlock_all()", holder);
            await release.ExecuteNonQueryAsync();
        }
        (await Runner(Tables).MigrateAsync(_dataSource, CancellationToken.None)).Applied.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_failing_file_leaves_nothing_behind_and_names_its_line()
    {
        var broken = MigrationFile.Parse("0002_broken.sql", "insert into a values (2);\n-- not the \U0001F600 line\nselect nothing_here\nfrom a;\n");

        var error = await Should.ThrowAsync<MigrationException>(Runner(Tables, broken).MigrateAsync(_dataSource, CancellationToken.None));

        error.File.ShouldBe("0002_broken.sql");
        error.Line.ShouldBe(3);
        error.Message.ShouldBe("0002_broken.sql:3: column \"nothing_here\" does not exist");
        (await CountAsync("a")).ShouldBe(1);
        (await StatesAsync(Tables, broken)).ShouldBe([MigrationState.Applied, MigrationState.Pending]);
    }

    [Fact]
    public async Task A_stray_commit_cannot_end_the_transaction_of_its_file()
    {
        var stray = MigrationFile.Parse("0001_stray.sql", "create table a (n int);\ncommit;\ncreate table b (n int);\n");

        var error = await Should.ThrowAsync<MigrationException>(Runner(stray).MigrateAsync(_dataSource, CancellationToken.None));

        error.File.ShouldBe("0001_stray.sql");
        await using var exists = _dataSource.CreateCommand("select to_regclass('a') is null");
        (await exists.ExecuteScalarAsync()).ShouldBe(true);
    }

    [Fact]
    public async Task An_edited_a_missing_and_a_late_file_are_refused_by_name()
    {
        var third = MigrationFile.Parse("0003_third.sql", "insert into a values (3);\n");
        await Runner(Tables, third).MigrateAsync(_dataSource, CancellationToken.None);

        var edited = Tables with { Sql = Tables.Sql + "-- one more word\n" };
        await ShouldBeRefused("0001_tables.sql", "edited", edited, third);
        await ShouldBeRefused("0003_third.sql", "not among the files", Tables);
        await ShouldBeRefused("0002_slow.sql", "below the newest", Tables, Slow, third);
        (await CountAsync("a")).ShouldBe(2);
        (await StatesAsync(edited, Slow)).ShouldBe([MigrationState.Edited, MigrationState.OutOfOrder, MigrationState.Missing]);
    }

    [Fact]
    public async Task An_interrupted_run_lets_go_of_the_lock()
    {
        var endless = MigrationFile.Parse("0002_endless.sql", "select pg_sleep(600);\n");
        using var interrupt = new CancellationTokenSource();
        var run = Runner(Tables, endless).MigrateAsync(_dataSource, interrupt.Token);
        while (!await RowExistsAsync("select from pg_stat_activity where wait_event = 'PgSleep' and datname = current_database()"))
        {
            run.IsCompleted.ShouldBeFalse();
        }
        await interrupt.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(run);
        (await Runner(Tables, Slow).MigrateAsync(_dataSource, CancellationToken.None)).Applied.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_folder_of_files_is_read_in_order_of_their_numbers()
    {
        var folder = Directory.CreateTempSubdirectory("migrations");
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, Slow.Name), Slow.Sql);
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, Tables.Name), Tables.Sql);

        MigrationFile.FromFolder(folder.FullName).Select(file => file.Version).ShouldBe([1, 2]);
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "0002_again.sql"), "");
        Should.Throw<MigrationException>(() => MigrationFile.FromFolder(folder.FullName)).Message.ShouldContain("same number");
        folder.Delete(recursive: true);
    }

    private static MigrationRunner Runner(params MigrationFile[] files) => new(files, TimeProvider.System);

    private async Task ShouldBeRefused(string file, string reason, params MigrationFile[] files)
    {
        var refusal = await Should.ThrowAsync<MigrationException>(Runner(files).MigrateAsync(_dataSource, CancellationToken.None));
        refusal.File.ShouldBe(file);
        refusal.Reason.ShouldContain(reason);
    }

    private async Task<IEnumerable<MigrationState>> StatesAsync(params MigrationFile[] files) =>
        (await Runner(files).StatusAsync(_dataSource, CancellationToken.None)).Select(status => status.State);

    private async Task<long> CountAsync(string table)
    {
        await using var count = _dataSource.CreateCommand($"select count(*) from {table}");
        return (long)(await count.ExecuteScalarAsync())!;
    }

    private async Task<bool> RowExistsAsync(string query)
    {
        await using var exists = _dataSource.CreateCommand($"select exists ({query})");
        return (bool)(await exists.ExecuteScalarAsync())!;
    }
}
