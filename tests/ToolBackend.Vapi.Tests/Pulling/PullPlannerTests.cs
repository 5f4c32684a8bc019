using System.Text.Json.Nodes;
using ToolBackend.Testing;
using ToolBackend.Vapi.Definitions;
using ToolBackend.Vapi.Pulling;
using ToolBackend.Vapi.Sync.Planning;
using ToolBackend.Vapi.Tests.Definitions.Writing;

namespace ToolBackend.Vapi.Tests.Pulling;

public sealed class PullPlannerTests : IAsyncLifetime
{
    private SyncedFolder _synced = null!;

    public async ValueTask InitializeAsync() => _synced = await SyncedFolder.StartAsync();

    public ValueTask DisposeAsync() => _synced.DisposeAsync();

    private async Task<JsonObject> ModelAsync() => (JsonObject)(await _synced.RemoteAsync("assistant.desk"))["model"]!.DeepClone();

    private async Task ShouldPlanNothingAsync()
    {
        var plan = await _synced.PlanAsync();
        plan.Resources.Where(resource => resource.Action != PlanAction.Unchanged).Select(resource => $"{resource.Key} {resource.Action} {string.Join(',', resource.Fields.Select(field => field.Name))}").ShouldBeEmpty();
    }

    [Fact]
    public async Task After_an_apply_there_is_nothing_to_pull()
    {
        await _synced.ApplyAsync();

        (await _synced.PullPlanAsync(new PullOptions { All = true, Force = true })).ShouldAllBe(pulled => pulled.Action == PullAction.Unchanged && pulled.Text == null);
    }

    [Fact]
    public async Task What_somebody_changed_in_the_dashboard_comes_into_the_file_and_is_no_difference_afterwards()
    {
        await _synced.ApplyAsync();
        var model = await ModelAsync();
        model["temperature"] = 0.7;
        model["messages"]![0]!["content"] = "You are the desk of dev.\nKnown: {{callerKnown}}.\nAsk ${twice}.";
        await _synced.DashboardAsync("assistant.desk", new JsonObject { ["model"] = model, ["endCallMessage"] = "Bye: \"see you\"\n\n", ["serverMessages"] = new JsonArray("tool-calls") });

        var pulled = (await _synced.PullAsync()).Single(resource => resource.Action != PullAction.Unchanged);

        pulled.Action.ShouldBe(PullAction.Update);
        pulled.Fields.ShouldBe(["model", "serverMessages", "endCallMessage"], ignoreOrder: true);
        var text = _synced.Text("assistants/desk.md");
        text.ShouldContain("maxTokens: ${tokens}");
        text.ShouldContain("temperature: 0.7");
        text.ShouldContain("toolIds: [find_it]");
        text.ShouldContain("serverMessages: [tool-calls]");
        text.ShouldEndWith("You are the desk of ${environment}.\nKnown: {{callerKnown}}.\nAsk $${twice}.\n");
        text.ShouldContain("url: ${apiUrl}/vapi/webhook");
        _synced.Definition(ResourceKind.Assistant, "desk").Body["endCallMessage"]!.GetValue<string>().ShouldBe("Bye: \"see you\"\n\n");
        await ShouldPlanNothingAsync();
    }

    [Fact]
    public async Task What_only_the_file_has_new_is_left_to_it_unless_forced()
    {
        await _synced.ApplyAsync();
        _synced.Folder.Edit("assistants/desk.md", "firstMessage: Hello.", "firstMessage: Good morning.");
        var before = _synced.Text("assistants/desk.md");

        var ahead = (await _synced.PullAsync()).Single(resource => resource.Action != PullAction.Unchanged);

        ahead.Action.ShouldBe(PullAction.Ahead);
        ahead.Fields.ShouldBe(["firstMessage"]);
        _synced.Text("assistants/desk.md").ShouldBe(before);
        (await _synced.PullAsync(new PullOptions { Force = true })).Single(resource => resource.Action != PullAction.Unchanged).Action.ShouldBe(PullAction.Update);
        _synced.Text("assistants/desk.md").ShouldBe(before.Replace("Good morning.", "Hello.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_both_sides_changed_is_a_conflict_and_the_file_stays_unless_forced()
    {
        await _synced.ApplyAsync();
        _synced.Folder.Edit("assistants/desk.md", "firstMessage: Hello.", "firstMessage: Good morning.");
        await _synced.DashboardAsync("assistant.desk", new JsonObject { ["firstMessage"] = "Good evening." });
        var before = _synced.Text("assistants/desk.md");

        var conflict = (await _synced.PullAsync()).Single(resource => resource.Action != PullAction.Unchanged);

        conflict.Action.ShouldBe(PullAction.Conflict);
        conflict.Fields.ShouldBe(["firstMessage"]);
        _synced.Text("assistants/desk.md").ShouldBe(before);
        await _synced.PullAsync(new PullOptions { Force = true });
        _synced.Text("assistants/desk.md").ShouldContain("firstMessage: Good evening.");
        await ShouldPlanNothingAsync();
    }

    [Fact]
    public async Task A_field_that_was_cleared_at_Vapi_leaves_the_file()
    {
        _synced.Folder.Edit("assistants/desk.md", "firstMessage: Hello.", "firstMessage: Hello.\nendCallMessage: Bye.");
        await _synced.ApplyAsync();
        await _synced.DashboardAsync("assistant.desk", new JsonObject { ["endCallMessage"] = null });

        await _synced.PullAsync();

        _synced.Text("assistants/desk.md").ShouldNotContain("endCallMessage");
        await ShouldPlanNothingAsync();
    }

    [Fact]
    public async Task Addresses_that_were_changed_at_Twilio_come_into_the_numbers_file()
    {
        await _synced.ApplyAsync();
        var number = _synced.Twilio.Account.Numbers.Single(line => line.Number == SyncedFolder.Number);
        (number.VoiceUrl, number.VoiceFallbackUrl) = ("https://elsewhere.example.com/voice", "https://standby.example.com/voice");

        var pulled = (await _synced.PullAsync()).Single(resource => resource.Action != PullAction.Unchanged);

        pulled.Key.ToString().ShouldBe("phone-number.line");
        pulled.Fields.ShouldContain("routing.voiceUrl");
        _synced.Text("phone-numbers/line.yaml").ShouldContain("  voiceUrl: https://elsewhere.example.com/voice");
        _synced.Text("phone-numbers/line.yaml").ShouldContain("twilioAuthToken: ${secret:TWILIO_AUTH_TOKEN}");
        await ShouldPlanNothingAsync();
    }

    [Fact]
    public async Task New_resources_come_only_with_all_and_refer_to_each_other_by_name_and_hold_no_secret()
    {
        await _synced.ApplyAsync();
        var tool = await _synced.Vapi.CreateAsync("tool", new JsonObject
        {
            ["type"] = "function",
            ["function"] = new JsonObject { ["name"] = "look_up", ["parameters"] = new JsonObject { ["type"] = "object", ["properties"] = new JsonObject() } },
            ["messages"] = new JsonArray(),
            ["server"] = new JsonObject { ["url"] = "https://tools.example.com/x", ["headers"] = new JsonObject { ["X-Key"] = "header-value-0001" } },
        });
        var clerk = await _synced.Vapi.CreateAsync("assistant", new JsonObject
        {
            ["name"] = "Night clerk (new)",
            ["model"] = new JsonObject
            {
                ["provider"] = "groq", ["model"] = "openai/gpt-oss-20b", ["toolIds"] = new JsonArray(tool["id"]!.DeepClone()),
                ["messages"] = new JsonArray(new JsonObject { ["role"] = "system", ["content"] = "You are up.\n" }),
            },
        });
        await _synced.Vapi.CreateAsync("squad", new JsonObject { ["name"] = "night", ["members"] = new JsonArray(new JsonObject { ["assistantId"] = clerk["id"]!.DeepClone() }) });
        await _synced.Vapi.CreateAsync("phone-number", new JsonObject
        {
            ["provider"] = "twilio", ["name"] = "second", ["number"] = "+12065550101", ["twilioAccountSid"] = _synced.Twilio.AccountSid, ["twilioAuthToken"] = "token-that-Vapi-shows-0001",
            ["assistantId"] = clerk["id"]!.DeepClone(),
        });

        (await _synced.PullPlanAsync()).ShouldAllBe(resource => resource.Action == PullAction.Unchanged);
        var pulled = (await _synced.PullAsync(new PullOptions { All = true })).Where(resource => resource.Action != PullAction.Unchanged).ToList();

        pulled.ShouldAllBe(resource => resource.Action == PullAction.New);
        pulled.Select(resource => resource.File).ShouldBe(["tools/look_up.yaml", "assistants/Night-clerk-new.md", "squads/night.yaml", "phone-numbers/second.yaml"]);
        pulled.SelectMany(resource => resource.Secrets).ShouldBe(["LOOK_UP_SERVER_HEADERS_X_KEY", "TWILIO_AUTH_TOKEN"]);
        _synced.Text("assistants/Night-clerk-new.md").ShouldContain("toolIds: [look_up]");
        _synced.Text("squads/night.yaml").ShouldContain("assistantId: Night-clerk-new");
        _synced.Text("phone-numbers/second.yaml").ShouldContain("assistantId: Night-clerk-new");
        _synced.Text("tools/look_up.yaml").ShouldContain("messages: []");
        _synced.AllTexts().ShouldNotContain("header-value-0001");
        _synced.AllTexts().ShouldNotContain("token-that-Vapi-shows-0001");
        _synced.Definition(ResourceKind.Assistant, "Night-clerk-new").Body["model"]!["messages"]![0]!["content"]!.GetValue<string>().ShouldBe("You are up.\n");
        (await _synced.PullPlanAsync(new PullOptions { All = true })).ShouldAllBe(resource => resource.Action == PullAction.Unchanged);
    }

    [Fact]
    public async Task Targets_leave_all_others_alone()
    {
        await _synced.ApplyAsync();
        await _synced.DashboardAsync("assistant.desk", new JsonObject { ["firstMessage"] = "Good evening." });
        await _synced.DashboardAsync("assistant.lost", new JsonObject { ["firstMessage"] = "Good evening." });

        var pulled = await _synced.PullAsync(new PullOptions { Targets = [new(Vapi.Sync.SyncKind.Assistant, "lost")] });

        pulled.ShouldHaveSingleItem().Key.Name.ShouldBe("lost");
        _synced.Text("assistants/lost.yaml").ShouldContain("firstMessage: Good evening.");
        _synced.Text("assistants/desk.md").ShouldContain("firstMessage: Hello.");
    }

    [Fact]
    public async Task Files_of_an_organisation_that_was_never_applied_find_their_namesakes()
    {
        await _synced.Vapi.CreateAsync("assistant", new JsonObject { ["name"] = "desk", ["firstMessage"] = "Who is it?" });

        var desk = (await _synced.PullAsync()).Single(resource => resource.Key.ToString() == "assistant.desk");

        desk.Action.ShouldBe(PullAction.Update);
        _synced.Text("assistants/desk.md").ShouldContain("firstMessage: Who is it?");
        (await _synced.PullPlanAsync()).Where(resource => resource.Key.ToString() == "assistant.lost").ShouldHaveSingleItem().Action.ShouldBe(PullAction.Missing);
    }

    [Fact]
    public async Task A_text_at_Vapi_that_would_send_a_secret_when_applied_is_not_written()
    {
        await _synced.ApplyAsync();
        await _synced.DashboardAsync("assistant.desk", new JsonObject { ["firstMessage"] = "Say ${secret:VAPI_WEBHOOK_SECRET}." });

        var desk = (await _synced.PullAsync()).Single(resource => resource.Action != PullAction.Unchanged);

        desk.Action.ShouldBe(PullAction.Unwritable);
        desk.Reason.ShouldNotBeNull().ShouldContain("firstMessage");
        _synced.Text("assistants/desk.md").ShouldContain("firstMessage: Hello.");
    }

    [Fact]
    public async Task Whatever_looks_like_a_key_is_written_as_the_name_of_a_secret()
    {
        await _synced.ApplyAsync();
        await _synced.DashboardAsync("assistant.desk", new JsonObject { ["firstMessage"] = "Use gsk_abcdefghijklmnop0123456789 now." });

        await _synced.PullAsync();

        _synced.Text("assistants/desk.md").ShouldContain("firstMessage: Use ${secret:DESK_FIRST_MESSAGE} now.");
    }

    [Fact]
    public async Task Whatever_is_changed_at_Vapi_is_no_difference_after_a_pull()
    {
        const int seed = 20261129;
        var random = new Random(seed);
        var json = new RandomJson(random);
        await _synced.ApplyAsync();
        for (var i = 0; i < LongForm.Count(25, 1000); i++)
        {
            var model = await ModelAsync();
            model["messages"]![0]!["content"] = json.Text();
            var metadata = json.Object();
            metadata[WantedResources.Marker] = WantedResources.MarkerOf("dev", "desk"); // whose it is
            var change = new JsonObject { ["firstMessage"] = json.Text(), ["endCallMessage"] = json.Text(), ["metadata"] = metadata, ["model"] = model };
            foreach (var name in change.Select(member => member.Key).Where(_ => random.Next(3) == 0).ToList())
            {
                change.Remove(name);
            }

            await _synced.DashboardAsync("assistant.desk", change);

            var pulled = await _synced.PullAsync();

            var at = $"seed {seed}, edit {i}: {change.ToJsonString()}\n{_synced.Text("assistants/desk.md")}";
            pulled.ShouldAllBe(resource => resource.Action == PullAction.Unchanged || resource.Action == PullAction.Update, at);
            var plan = await _synced.PlanAsync();
            plan.Resources.Where(resource => resource.Action != PlanAction.Unchanged).Select(resource => $"{resource.Key} {resource.Action}").ShouldBeEmpty(at);
            _synced.Text("assistants/desk.md").ShouldContain("maxTokens: ${tokens}", Case.Sensitive, at);
            await _synced.ApplyAsync(plan); // remembers what both sides agree on
        }
    }
}
