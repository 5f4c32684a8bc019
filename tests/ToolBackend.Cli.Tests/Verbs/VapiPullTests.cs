using System.Text.Json.Nodes;

namespace ToolBackend.Cli.Tests.Verbs;

public sealed class VapiPullTests : IAsyncLifetime
{
    private SyncedRepository _repository = null!;

    public async ValueTask InitializeAsync()
    {
        _repository = await SyncedRepository.StartAsync();
        await _repository.SetUpAsync();
    }

    public ValueTask DisposeAsync() => _repository.DisposeAsync();

    [Fact]
    public async Task A_dashboard_edit_comes_into_its_file_and_the_plan_is_empty_afterwards()
    {
        await _repository.DashboardAsync("assistant", "receptionist", new JsonObject { ["firstMessage"] = "Harbor Street, good day.", ["endCallMessage"] = "Bye." });

        var pulled = await _repository.RunAsync("vapi", "pull");

        pulled.ExitCode.ShouldBe(ExitCodes.Ok, pulled.Output + pulled.Error);
        pulled.Output.ShouldContain("assistants/receptionist.md  firstMessage, endCallMessage");
        pulled.Output.ShouldContain("Pulled: 1 to update, 0 new, 0 left alone.");
        var text = _repository.Text("assistants/receptionist.md");
        text.ShouldContain("firstMessage: Harbor Street, good day.\n");
        text.ShouldContain("# Flux decides by itself when a turn has ended.");
        text.ShouldContain("maxDurationSeconds: ${maxDurationSeconds}");
        (await _repository.RunAsync("vapi", "plan", "--detailed-exitcode")).ExitCode.ShouldBe(ExitCodes.Ok);
        (await _repository.RunAsync("vapi", "pull", "--all")).Output.ShouldContain("Nothing to pull");
    }

    [Fact]
    public async Task A_file_with_differences_that_are_not_committed_is_left_alone_unless_forced()
    {
        _repository.Edit("assistants/dispatcher.md", "backgroundSound: \"off\"", "backgroundSound: \"off\" # so it is");
        await _repository.DashboardAsync("assistant", "dispatcher", new JsonObject { ["endCallMessage"] = "Bye." });
        await _repository.DashboardAsync("assistant", "receptionist", new JsonObject { ["endCallMessage"] = "Bye." });
        var before = _repository.Text("assistants/dispatcher.md");

        var pulled = await _repository.RunAsync("vapi", "pull", "--json");

        pulled.ExitCode.ShouldBe(ExitCodes.Conflict, pulled.Output + pulled.Error);
        _repository.Text("assistants/dispatcher.md").ShouldBe(before);
        _repository.Text("assistants/receptionist.md").ShouldContain("endCallMessage: Bye.");
        var refused = pulled.Objects.Single(line => line.TryGetProperty("key", out var key) && key.GetString() == "assistant.dispatcher");
        refused.GetProperty("written").GetBoolean().ShouldBeFalse();
        refused.GetProperty("reason").GetString().ShouldBe("it has differences that are not committed");
        (await _repository.RunAsync("vapi", "pull", "--force")).ExitCode.ShouldBe(ExitCodes.Ok);
        _repository.Text("assistants/dispatcher.md").ShouldContain("endCallMessage: Bye.");
        _repository.Text("assistants/dispatcher.md").ShouldContain("# so it is");
    }

    [Fact]
    public async Task A_target_that_is_none_is_a_usage_error()
    {
        (await _repository.RunAsync("vapi", "pull", "--target", "assistant.nobody")).ExitCode.ShouldBe(ExitCodes.Usage);
        (await _repository.RunAsync("vapi", "pull", "--target", "nobody")).ExitCode.ShouldBe(ExitCodes.Usage);
    }

    [Fact]
    public async Task A_rollback_brings_back_what_a_snapshot_has()
    {
        var file = _repository.PathOf("before.json");
        (await _repository.RunAsync("vapi", "snapshot", "--out", file)).Output.ShouldContain("of dev");
        File.ReadAllText(file).ShouldNotContain(_repository.Twilio.AuthToken);
        _repository.Edit("assistants/receptionist.md", "backgroundSound: \"off\"", "backgroundSound: office");
        (await _repository.RunAsync("vapi", "apply", "--yes")).ExitCode.ShouldBe(ExitCodes.Ok);

        var asked = await _repository.RunAsync("vapi", "rollback", "--to", file);
        asked.ExitCode.ShouldBe(ExitCodes.Error);
        asked.Error.ShouldContain("--yes");
        var done = await _repository.RunAsync("vapi", "rollback", "--to", file, "--yes");

        done.ExitCode.ShouldBe(ExitCodes.Ok, done.Output + done.Error);
        done.Output.ShouldContain("~ assistant.receptionist");
        (await _repository.RunAsync("vapi", "rollback", "--to", file, "--yes")).Output.ShouldContain("No changes");
        (await _repository.RunAsync("vapi", "plan", "--detailed-exitcode")).ExitCode.ShouldBe(ExitCodes.Changes);
        (await _repository.RunAsync("vapi", "rollback", "--to", _repository.PathOf("none.json"), "--yes")).ExitCode.ShouldBe(ExitCodes.Error);
    }
}
