using Npgsql;
using ToolBackend.Core.Data.Migrations;
using ToolBackend.Testing;

namespace ToolBackend.Cli.Tests.Verbs;

public sealed class CallsForgetTests(PostgresCluster cluster) : IAsyncLifetime
{
    private const string Number = "+12065550142";

    private TestDatabase _database = null!;
    private NpgsqlDataSource _dataSource = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await cluster.CreateDatabaseAsync(connectionString => new MigrationRunner(TimeProvider.System).MigrateAsync(connectionString, CancellationToken.None));
        _dataSource = NpgsqlDataSource.Create(_database.ConnectionString);
        await using var command = _dataSource.CreateCommand("""
            insert into call (call_id, version, status, side, opened_at, last_event_at, caller, has_report, state) values
              ('mine', 1, 'ended', 'vapi', now(), now(), '+12065550142', true, '{}'), ('theirs', 1, 'ended', 'vapi', now(), now(), '+12065550143', true, '{}');
            insert into call_alias (alias, call_id) values ('mine', 'mine'), ('theirs', 'theirs');
            insert into call_event (call_ref, sent_at, message_id, source, type, kind, received_at, facts)
              select r, now(), gen_random_uuid(), 'vapi', 'status-update', 'Status', now(), '{}' from unnest(array['mine', 'theirs']) as r
            """);
        await command.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _dataSource.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task A_dry_run_counts_a_script_without_yes_is_refused_and_with_it_the_calls_are_gone()
    {
        var counted = await RunAsync("--dry-run", "--json");
        counted.ExitCode.ShouldBe(ExitCodes.Ok, counted.Error);
        counted.Objects[1].GetProperty("type").GetString().ShouldBe("would_remove");
        (counted.Objects[1].GetProperty("calls").GetInt32(), counted.Objects[1].GetProperty("events").GetInt32()).ShouldBe((1, 1));

        var unasked = await RunAsync();
        unasked.ExitCode.ShouldBe(ExitCodes.Error);
        unasked.Error.ShouldContain("fix: look with --dry-run, then add --yes");
        (await CallsAsync()).ShouldBe("mine,theirs");

        var removed = await RunAsync("--yes");
        removed.ExitCode.ShouldBe(ExitCodes.Ok, removed.Error);
        removed.Output.ShouldContain("removed: 1 calls, 1 events");
        removed.Output.ShouldContain("Vapi keeps its own copy");
        $"{removed.Output}{removed.Error}{counted.Output}{counted.Error}{unasked.Error}".ShouldNotContain(Number);
        (await CallsAsync()).ShouldBe("theirs");

        (await RunAsync("--yes", "--json")).Objects[1].GetProperty("calls").GetInt32().ShouldBe(0);
    }

    [Theory]
    [InlineData("12065550142")]
    [InlineData("+1")]
    [InlineData("call-7")]
    [InlineData("")]
    public async Task What_is_no_number_is_a_usage_error_that_does_not_repeat_it(string text)
    {
        var result = await CliProcess.RunAsync(_database.ConnectionString, "calls", "forget", "--phone", text, "--yes");
        result.ExitCode.ShouldBe(ExitCodes.Usage);
        result.Error.ShouldContain("--phone wants a number in E.164 form");
        (await CallsAsync()).ShouldBe("mine,theirs");
    }

    [Fact]
    public async Task Without_a_number_nothing_is_guessed() =>
        (await CliProcess.RunAsync(_database.ConnectionString, "calls", "forget", "--yes")).ExitCode.ShouldBe(ExitCodes.Usage);

    private Task<CliResult> RunAsync(params string[] more) => CliProcess.RunAsync(_database.ConnectionString, ["calls", "forget", "--phone", Number, .. more]);

    private async Task<string> CallsAsync()
    {
        await using var command = _dataSource.CreateCommand("select string_agg(call_id, ',' order by call_id) from call");
        return (string)(await command.ExecuteScalarAsync())!;
    }
}
