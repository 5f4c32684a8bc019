using Npgsql;

namespace ToolBackend.LocalStack.Tests;

public sealed class LocalPostgresTests : IAsyncLifetime
{
    private readonly string _folder = LocalFolders.NewTemporary();
    private LocalPostgres _postgres = null!;

    private LocalPostgresOptions Options => new() { Folder = Path.Combine(_folder, "postgres"), Durable = false };

    public async ValueTask InitializeAsync()
    {
        _postgres = await LocalPostgres.StartNewAsync(Options);
        await Sql.ExecuteAsync(_postgres.ConnectionString, "create table kept (id int); insert into kept values (42)");
    }

    public async ValueTask DisposeAsync()
    {
        await _postgres.DisposeAsync();
        LocalFolders.TryDelete(_folder);
    }

    [Fact]
    public async Task A_stopped_server_comes_back_on_the_same_port_with_its_data()
    {
        var (port, address) = (_postgres.Port, _postgres.ConnectionString);

        await _postgres.StopAsync();
        _postgres.IsRunning.ShouldBeFalse();
        await Should.ThrowAsync<NpgsqlException>(Sql.ScalarAsync(address + ";Pooling=false", "select 1"));

        await _postgres.StartAsync();
        _postgres.Port.ShouldBe(port);
        NpgsqlConnection.ClearAllPools();
        (await Sql.ScalarAsync(address, "select id from kept")).ShouldBe(42);
    }

    [Fact]
    public async Task A_crashed_server_recovers_what_was_committed()
    {
        await _postgres.KillAsync();
        await _postgres.StartAsync();

        (await Sql.ScalarAsync(_postgres.ConnectionString + ";Pooling=false", "select id from kept")).ShouldBe(42);
    }

    [Fact]
    public async Task A_frozen_server_answers_nobody_until_it_is_resumed()
    {
        await using var connection = new NpgsqlConnection(_postgres.ConnectionString + ";Pooling=false");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand("select id from kept", connection);

        await _postgres.PauseAsync();
        var answer = command.ExecuteScalarAsync();
        (await Task.WhenAny(answer, Task.Delay(300))).ShouldNotBe(answer);

        await _postgres.ResumeAsync();
        (await answer.WaitAsync(TimeSpan.FromSeconds(10))).ShouldBe(42);
    }

    [Fact]
    public async Task A_later_start_finds_data_and_password_and_clears_the_pid_file_of_a_dead_server()
    {
        await _postgres.KillAsync();
        File.Exists(Path.Combine(_folder, "postgres", "data", "postmaster.pid")).ShouldBeTrue();

        await using var second = await LocalPostgres.StartNewAsync(Options);

        (await Sql.ScalarAsync(second.ConnectionString + ";Pooling=false", "select id from kept")).ShouldBe(42);
    }

    [Fact]
    public async Task A_server_left_running_in_the_same_folder_is_ended_first()
    {
        var left = _postgres.Exit;

        await using var second = await LocalPostgres.StartNewAsync(Options);

        left.IsCompleted.ShouldBeTrue();
        (await Sql.ScalarAsync(second.ConnectionString + ";Pooling=false", "select id from kept")).ShouldBe(42);
    }

    [Fact]
    public async Task Two_servers_live_side_by_side()
    {
        await using var other = await LocalPostgres.StartNewAsync(new LocalPostgresOptions { Folder = Path.Combine(_folder, "other"), Durable = false });

        other.Port.ShouldNotBe(_postgres.Port);
        (await Sql.ScalarAsync(other.ConnectionString + ";Pooling=false", "select to_regclass('kept') is null")).ShouldBe(true);
        (await Sql.ScalarAsync(_postgres.ConnectionString + ";Pooling=false", "select id from kept")).ShouldBe(42);
    }

    [Fact]
    public async Task A_server_that_cannot_start_says_why()
    {
        var options = Options with { Folder = Path.Combine(_folder, "broken"), Settings = new Dictionary<string, string> { ["shared_buffers"] = "nonsense" } };

        var error = await Should.ThrowAsync<LocalStackException>(LocalPostgres.StartNewAsync(options));

        error.Message.ShouldContain("shared_buffers");
    }

    [Fact]
    public void The_password_is_readable_by_its_owner_only() =>
        File.GetUnixFileMode(Path.Combine(_folder, "postgres", "password")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
}
