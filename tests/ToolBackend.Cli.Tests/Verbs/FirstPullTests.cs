using System.Text.Json.Nodes;

namespace ToolBackend.Cli.Tests.Verbs;

/// <summary>Somebody who has assistants at Vapi, and no files yet.</summary>
public sealed class FirstPullTests : IAsyncLifetime
{
    private SyncedRepository _repository = null!;

    public async ValueTask InitializeAsync()
    {
        _repository = await SyncedRepository.StartAsync();
        Directory.Delete(_repository.Folder, recursive: true);
        _repository.Environment["VAPI_WEBHOOK_SECRET"] = null;
        var tool = _repository.Vapi.Resources.Add("tool", new JsonObject
        {
            ["type"] = "function",
            ["function"] = new JsonObject { ["name"] = "look_up", ["parameters"] = new JsonObject { ["type"] = "object", ["properties"] = new JsonObject() } },
            ["server"] = new JsonObject { ["url"] = "https://tools.example.com/look-up", ["headers"] = new JsonObject { ["X-Key"] = "header-value-0001" } },
        });
        var clerk = _repository.Vapi.Resources.Add("assistant", new JsonObject
        {
            ["name"] = "Night clerk",
            ["firstMessage"] = "Hello.",
            ["model"] = new JsonObject
            {
                ["provider"] = "groq", ["model"] = "openai/gpt-oss-20b", ["toolIds"] = new JsonArray(tool),
                ["messages"] = new JsonArray(new JsonObject { ["role"] = "system", ["content"] = "You answer at night." }),
            },
        });
        _repository.Vapi.Resources.Add("squad", new JsonObject { ["name"] = "night", ["members"] = new JsonArray(new JsonObject { ["assistantId"] = clerk }) });
    }

    public ValueTask DisposeAsync() => _repository.DisposeAsync();

    private async Task<CliResult> RunAsync(int exitCode, params string[] arguments)
    {
        var result = await _repository.RunAsync(["vapi", .. arguments]);
        result.ExitCode.ShouldBe(exitCode, result.Output + result.Error);
        return result;
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task One_command_makes_the_folder_and_what_it_makes_is_ours_and_plans_as_unchanged(bool folderIsThere)
    {
        if (folderIsThere)
        {
            Directory.CreateDirectory(_repository.Folder);
        }

        var pulled = await RunAsync(ExitCodes.Ok, "pull", "--all", "--adopt");

        pulled.Output.ShouldContain("Pulled: 0 to update, 3 new, 0 left alone.");
        pulled.Output.ShouldContain("adopted assistant.Night-clerk");
        pulled.Output.ShouldContain("LOOK_UP_SERVER_HEADERS_X_KEY");
        _repository.Text("assistants/Night-clerk.md").ShouldContain("toolIds: [look_up]");
        _repository.Text("environments/dev.yaml").ShouldContain("lenient: [");
        _repository.Text("tools/look_up.yaml").ShouldNotContain("header-value-0001");
        (await RunAsync(ExitCodes.Ok, "plan", "--detailed-exitcode")).Output.ShouldContain("No changes: 3 resources are as the files say.");
        (await RunAsync(ExitCodes.Ok, "validate")).Output.ShouldContain("3 resources valid");
        (await RunAsync(ExitCodes.Ok, "drift")).Output.ShouldContain("No drift: 3 resources");
        (await RunAsync(ExitCodes.Ok, "pull", "--all")).Output.ShouldContain("Nothing to pull");
        _repository.Vapi.Requests.All.ShouldAllBe(request => !request.IsWrite);
    }

    [Fact]
    public async Task Without_adopt_it_says_how_and_the_command_that_it_prints_does_it()
    {
        var pulled = await RunAsync(ExitCodes.Ok, "pull", "--all");
        var line = pulled.Output.Split('\n').Single(line => line.Contains("toolbackend vapi adopt ", StringComparison.Ordinal));
        (await RunAsync(ExitCodes.Conflict, "plan", "--detailed-exitcode")).Output.ShouldContain("» assistant.Night-clerk");

        await RunAsync(ExitCodes.Ok, line[line.IndexOf("adopt ", StringComparison.Ordinal)..].Trim().Split(' '));

        await RunAsync(ExitCodes.Ok, "plan", "--detailed-exitcode");
    }

    [Fact]
    public async Task A_later_edit_of_a_pulled_file_is_the_only_thing_that_is_sent()
    {
        await RunAsync(ExitCodes.Ok, "pull", "--all", "--adopt");
        _repository.Edit("assistants/Night-clerk.md", "firstMessage: Hello.", "firstMessage: Good evening.");

        (await RunAsync(ExitCodes.Ok, "apply", "--yes")).Output.ShouldContain("Applied: 0 created, 1 updated, 0 deleted.");

        _repository.Vapi.Requests.All.Count(request => request.IsWrite).ShouldBe(1);
        await RunAsync(ExitCodes.Ok, "plan", "--detailed-exitcode");
    }

    [Fact]
    public async Task A_missing_folder_without_all_is_told_what_makes_one()
    {
        (await RunAsync(ExitCodes.InvalidDefinitions, "pull")).Output.ShouldContain("toolbackend vapi pull --all");
        Directory.Exists(_repository.Folder).ShouldBeFalse();
    }

    [Fact]
    public async Task A_first_pull_that_failed_goes_on_the_next_time()
    {
        var key = _repository.Environment["VAPI_API_KEY"];
        _repository.Environment["VAPI_API_KEY"] = "a-key-of-nobody-at-all";
        await RunAsync(ExitCodes.Authentication, "pull", "--all");
        _repository.Environment["VAPI_API_KEY"] = key;

        var pulled = await RunAsync(ExitCodes.Ok, "pull", "--all", "--adopt");

        pulled.Output.ShouldContain("3 new");
        (await RunAsync(ExitCodes.Ok, "plan", "--detailed-exitcode")).Output.ShouldContain("No changes");
    }

    [Fact]
    public async Task A_fresh_organisation_gives_an_environment_and_nothing_to_pull()
    {
        await using var fresh = await SyncedRepository.StartAsync();
        Directory.Delete(fresh.Folder, recursive: true);

        var pulled = await fresh.RunAsync("vapi", "pull", "--all", "--adopt");

        pulled.ExitCode.ShouldBe(ExitCodes.Ok, pulled.Output + pulled.Error);
        pulled.Output.ShouldContain("Nothing to pull");
        fresh.Text("environments/dev.yaml").ShouldNotContain("lenient");
    }
}
