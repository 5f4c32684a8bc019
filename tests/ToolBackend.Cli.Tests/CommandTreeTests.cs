namespace ToolBackend.Cli.Tests;

public sealed class CommandTreeTests
{
    [Fact]
    public async Task An_unknown_verb_is_a_usage_error_that_names_the_nearest()
    {
        var result = await CliProcess.RunAsync(null, "db", "statsu");

        result.ExitCode.ShouldBe(ExitCodes.Usage);
        result.Error.ShouldContain("status");
        result.Output.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("db")]
    [InlineData("db seed --shipments many")]
    [InlineData("db seed --shipments -1")]
    [InlineData("db seed --customers 0")]
    [InlineData("db status --color=sometimes")]
    [InlineData("--no-such-option")]
    public async Task What_is_not_understood_exits_64_and_leaves_standard_output_empty(string line)
    {
        var result = await CliProcess.RunAsync(null, line.Split(' '));

        result.ExitCode.ShouldBe(ExitCodes.Usage, result.Error);
        result.Output.ShouldBeEmpty();
        result.Error.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Version_and_help_are_results()
    {
        (await CliProcess.RunAsync(null, "--version")).Output.ShouldStartWith("0.");
        var help = await CliProcess.RunAsync(null, "db", "status", "--help");
        help.ExitCode.ShouldBe(ExitCodes.Ok);
        help.Output.ShouldContain("Exit 0: up to date, 2: migrations pending, 4:");
    }

    [Theory]
    [InlineData("migrate")]
    [InlineData("seed")]
    [InlineData("status")]
    public async Task Without_a_connection_string_every_database_verb_says_which_variable_to_set(string verb)
    {
        var result = await CliProcess.RunAsync(null, "db", verb);

        result.ExitCode.ShouldBe(ExitCodes.Error);
        result.Output.ShouldBeEmpty();
        result.Error.ShouldContain("ConnectionStrings__Postgres is not set");
        result.Error.ShouldContain("fix: export ConnectionStrings__Postgres=");
    }

    [Theory]
    [InlineData("postgres://app:hunter2@localhost/db?sslmode=require")]
    [InlineData("hunter2")]
    [InlineData("Host=127.0.0.1;Port=hunter2")]
    [InlineData("Host=127.0.0.1;Port=1;Username=app;Password=hunter2;Database=db")]
    [InlineData("Password=hunter2")]
    public async Task A_connection_string_that_does_not_work_is_never_quoted(string connectionString)
    {
        foreach (var json in (string[])["--json", "--quiet"])
        {
            var result = await CliProcess.RunAsync(connectionString, "db", "status", json);

            result.ExitCode.ShouldBe(ExitCodes.Error);
            result.Error.ShouldContain("error: ");
            $"{result.Output}{result.Error}".ShouldNotContain("hunter2");
        }
    }
}
