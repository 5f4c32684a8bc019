namespace ToolBackend.Cli.Tests.Verbs;

/// <summary><c>toolbackend failover</c> against a running service.</summary>
public sealed class FailoverTests(RunningApi api) : IClassFixture<RunningApi>
{
    private const string Line = "+12065550100";

    [Fact]
    public async Task A_mode_that_was_set_is_in_the_status_for_people_and_for_scripts()
    {
        var set = await CliProcess.RunAsync(null, api.Environment, "failover", "set", "25%", "--line", Line);
        set.ShouldSatisfyAllConditions(() => set.Error.ShouldBeEmpty(), () => set.ExitCode.ShouldBe(ExitCodes.Ok), () => set.Output.Trim().ShouldBe($"{Line}: 25%"));

        var status = await CliProcess.RunAsync(null, api.Environment, "failover", "status");
        status.ExitCode.ShouldBe(ExitCodes.Ok);
        status.Output.ShouldMatch(@"LINE +MODE +CHANGED +BY");
        status.Output.ShouldMatch(@"\+12065550100 +25% ");
        status.Output.ShouldContain("Redis does not answer"); // this service has none

        var scripted = await CliProcess.RunAsync(null, api.Environment, "failover", "status", "--json");
        var route = scripted.Objects.Where(o => o.TryGetProperty("route", out _)).Select(o => o.GetProperty("route")).Single(r => r.GetProperty("line").GetString() == Line);
        route.GetProperty("mode").GetString().ShouldBe("25%");
    }

    [Fact]
    public async Task Without_a_line_the_mode_is_that_of_all_lines()
    {
        var set = await CliProcess.RunAsync(null, api.Environment, "failover", "set", "own");
        set.Output.Trim().ShouldBe("all lines: own");
        (await CliProcess.RunAsync(null, api.Environment, "failover", "set", "auto")).ExitCode.ShouldBe(ExitCodes.Ok);
    }

    [Theory]
    [InlineData("sometimes", Line, "The mode is auto, vapi, own, or a part such as 25%.")]
    [InlineData("own", "12", "line")]
    public async Task What_is_no_mode_or_no_line_is_refused_and_changes_nothing(string mode, string line, string said)
    {
        var before = (await CliProcess.RunAsync(null, api.Environment, "failover", "status", "--json")).Objects.Count;
        var result = await CliProcess.RunAsync(null, api.Environment, "failover", "set", mode, "--line", line);
        result.ExitCode.ShouldNotBe(ExitCodes.Ok);
        result.Error.ShouldContain(said, Case.Insensitive);
        (await CliProcess.RunAsync(null, api.Environment, "failover", "status", "--json")).Objects.Count.ShouldBe(before);
    }
}
