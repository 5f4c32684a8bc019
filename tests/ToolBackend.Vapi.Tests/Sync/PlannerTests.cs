using System.Text.Json.Nodes;
using ToolBackend.Vapi.Definitions;
using ToolBackend.Vapi.Sync;
using ToolBackend.Vapi.Sync.Applying;
using ToolBackend.Vapi.Sync.Planning;

namespace ToolBackend.Vapi.Tests.Sync;

public sealed class PlannerTests : IAsyncLifetime
{
    private SyncBench _bench = null!;

    public async ValueTask InitializeAsync() => _bench = await SyncBench.StartAsync();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task An_empty_organisation_gets_everything_and_the_next_plan_is_empty()
    {
        var plan = await _bench.PlanAsync();

        SyncBench.Short(plan).ShouldBe([
            "credential.webhook Create", "tool.find_it Create", "structured-output.outcome Create", "assistant.desk Create", "assistant.lost Create", "squad.office Create",
            "phone-number.line Create", "number-routing.line Update voiceUrl",
        ]);

        await _bench.AppliedAsync();
        var second = await _bench.PlanAsync();
        SyncBench.Short(second).ShouldBeEmpty();
        (second.IsEmpty, second.HasWrites, second.HasSettling).ShouldBe((true, false, false));
        (await _bench.StateAsync()).Pending.ShouldBeEmpty();
    }

    [Fact]
    public async Task Names_become_ids_and_secrets_values_on_the_way_to_Vapi()
    {
        await _bench.AppliedAsync();
        var state = await _bench.StateAsync();
        string Id(SyncKind kind, string name) => state.Resources[new ResourceKey(kind, name)].Id;

        var desk = await _bench.AtVapiAsync("assistant.desk");
        desk.TextsAt("model.toolIds").Select(entry => entry.Text).ShouldBe([Id(SyncKind.Tool, "find_it")]);
        desk.TextsAt("artifactPlan.structuredOutputIds").Select(entry => entry.Text).ShouldBe([Id(SyncKind.StructuredOutput, "outcome")]);
        desk.TextAt("server.credentialId").ShouldBe(Id(SyncKind.Credential, "webhook"));
        desk.TextAt("metadata.toolbackend").ShouldBe("dev/desk");
        _bench.Vapi.Requests.All.Single(request => request is { Method: "POST", Target: "/credential" }).Body.ShouldContain("webhook-secret-0123456789");
    }

    [Fact]
    public async Task A_changed_field_is_sent_and_nothing_else()
    {
        await _bench.AppliedAsync();
        _bench.Folder.Edit("assistants/desk.md", "Hello.", "Good day.");
        SyncBench.Short(await _bench.PlanAsync()).ShouldBe(["assistant.desk Update firstMessage"]);

        _bench.Vapi.Requests.Clear();
        await _bench.AppliedAsync();

        var write = _bench.Vapi.Requests.All.Where(request => request.IsWrite).ShouldHaveSingleItem();
        write.Method.ShouldBe("PATCH");
        JsonNode.Parse(write.Body)!.AsObject().Select(field => field.Key).ShouldBe(["firstMessage"]);
        SyncBench.Short(await _bench.PlanAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_field_that_the_file_no_longer_has_is_cleared()
    {
        await _bench.AppliedAsync();
        _bench.Folder.Edit("assistants/desk.md", "firstMessage: Hello.\n", "");

        SyncBench.Short(await _bench.PlanAsync()).ShouldBe(["assistant.desk Update firstMessage"]);
        await _bench.AppliedAsync();

        (await _bench.AtVapiAsync("assistant.desk"))["firstMessage"].ShouldBeNull();
        SyncBench.Short(await _bench.PlanAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_dashboard_edit_is_drift_and_stays()
    {
        await _bench.AppliedAsync();
        await _bench.EditAsync("assistant.desk", body => body["firstMessage"] = "Dashboard.");
        await _bench.EditAsync("assistant.lost", body => body["voicemailMessage"] = "Nobody is here.");

        var plan = await _bench.PlanAsync();
        SyncBench.Short(plan).ShouldBe(["assistant.desk Drift firstMessage:Drift", "assistant.lost Drift voicemailMessage:Drift"]);
        (plan.HasDrift, plan.IsEmpty).ShouldBe((true, false));

        await _bench.AppliedAsync();
        (await _bench.AtVapiAsync("assistant.desk")).TextAt("firstMessage").ShouldBe("Dashboard.");
        (await _bench.AtVapiAsync("assistant.lost")).TextAt("voicemailMessage").ShouldBe("Nobody is here.");

        await _bench.AppliedAsync(_bench.Options with { Force = true });
        (await _bench.AtVapiAsync("assistant.desk")).TextAt("firstMessage").ShouldBe("Hello.");
        (await _bench.AtVapiAsync("assistant.lost"))["voicemailMessage"].ShouldBeNull();
        SyncBench.Short(await _bench.PlanAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Edits_of_different_fields_on_both_sides_live_side_by_side()
    {
        await _bench.AppliedAsync();
        await _bench.EditAsync("assistant.desk", body => body["firstMessage"] = "Dashboard.");
        _bench.Folder.Edit("assistants/desk.md", "maxTokens: ${tokens}", "maxTokens: 500");

        SyncBench.Short(await _bench.PlanAsync()).ShouldBe(["assistant.desk Update firstMessage:Drift model"]);
        await _bench.AppliedAsync();

        var desk = await _bench.AtVapiAsync("assistant.desk");
        (desk.TextAt("firstMessage"), desk.NumberAt("model.maxTokens")).ShouldBe(("Dashboard.", 500));
        SyncBench.Short(await _bench.PlanAsync()).ShouldBe(["assistant.desk Drift firstMessage:Drift"]);
    }

    [Fact]
    public async Task Edits_of_one_field_on_both_sides_are_a_conflict_and_nothing_at_all_is_sent()
    {
        await _bench.AppliedAsync();
        await _bench.EditAsync("assistant.desk", body => body["firstMessage"] = "Dashboard.");
        _bench.Folder.Edit("assistants/desk.md", "Hello.", "Good day.").Edit("tools/find_it.yaml", "Finds it.", "Finds everything.");
        SyncBench.Short(await _bench.PlanAsync()).ShouldBe(["tool.find_it Update function", "assistant.desk Conflict firstMessage:Conflict"]);

        _bench.Vapi.Requests.Clear();
        (await Should.ThrowAsync<ApplyRefusedException>(() => _bench.ApplyAsync())).IsConflict.ShouldBeTrue();
        _bench.Vapi.Requests.All.ShouldAllBe(request => !request.IsWrite);

        await _bench.AppliedAsync(_bench.Options with { Targets = [new ResourceKey(SyncKind.Tool, "find_it")] });
        await _bench.AppliedAsync(_bench.Options with { Force = true });
        (await _bench.AtVapiAsync("assistant.desk")).TextAt("firstMessage").ShouldBe("Good day.");
    }

    [Fact]
    public async Task The_same_edit_on_both_sides_is_none()
    {
        await _bench.AppliedAsync();
        await _bench.EditAsync("assistant.desk", body => body["firstMessage"] = "Good day.");
        _bench.Folder.Edit("assistants/desk.md", "Hello.", "Good day.");

        var plan = await _bench.PlanAsync();
        (SyncBench.Short(plan).Length, plan.HasWrites, plan.HasSettling).ShouldBe((0, false, true));
        await _bench.AppliedAsync();
        (await _bench.PlanAsync()).HasSettling.ShouldBeFalse();
    }

    [Fact]
    public async Task What_is_not_ours_is_neither_changed_nor_deleted()
    {
        var foreign = _bench.Vapi.Resources.Add("tool", new JsonObject { ["type"] = "function", ["function"] = new JsonObject { ["name"] = "find_it", ["description"] = "Theirs." } });
        _bench.Vapi.Resources.Add("assistant", new JsonObject { ["name"] = "somebody" });
        _bench.Vapi.Resources.AddPlatformDefault("tool", new JsonObject { ["type"] = "function", ["function"] = new JsonObject { ["name"] = "find_it" } });

        var plan = await _bench.PlanAsync();
        plan.Of(PlanAction.Adopt).ShouldHaveSingleItem().Candidates.ShouldBe([foreign]);
        (await Should.ThrowAsync<ApplyRefusedException>(() => _bench.ApplyAsync())).IsConflict.ShouldBeTrue();

        var adoption = Adoption.Of(plan, await _bench.WorldAsync(), new ResourceKey(SyncKind.Tool, "find_it"), null);
        await _bench.Store.WriteAsync(plan.State.With(new ResourceKey(SyncKind.Tool, "find_it"), adoption.Known.ShouldNotBeNull()), CancellationToken.None);
        SyncBench.Short(await _bench.PlanAsync()).ShouldContain("tool.find_it Update function messages");
        await _bench.AppliedAsync();
        (await _bench.AtVapiAsync("tool.find_it")).TextAt("function.description").ShouldBe("Finds it.");
        _bench.Vapi.Resources.All("assistant").Count(body => body.TextAt("name") == "somebody").ShouldBe(1);
        SyncBench.Short(await _bench.PlanAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Deletes_wait_for_the_word()
    {
        await _bench.AppliedAsync();
        _bench.Folder.Delete("squads/office.yaml");

        (await _bench.PlanAsync()).Resources.Single(resource => resource.Action == PlanAction.Delete).IsHeldBack.ShouldBeTrue();
        await _bench.AppliedAsync();
        _bench.Vapi.Resources.All("squad").Count.ShouldBe(1);

        await _bench.AppliedAsync(_bench.Options with { AllowDelete = true });
        _bench.Vapi.Resources.All("squad").ShouldBeEmpty();
        (await _bench.PlanAsync()).IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public async Task What_was_changed_at_Vapi_is_not_deleted_without_being_told()
    {
        await _bench.AppliedAsync();
        await _bench.EditAsync("squad.office", body => body["name"] = "renamed");
        _bench.Folder.Delete("squads/office.yaml");

        SyncBench.Short(await _bench.PlanAsync(_bench.Options with { AllowDelete = true })).ShouldBe(["squad.office Conflict name:Conflict"]);
        await Should.ThrowAsync<ApplyRefusedException>(() => _bench.ApplyAsync(_bench.Options with { AllowDelete = true }));
        await _bench.AppliedAsync(_bench.Options with { AllowDelete = true, Force = true });
        _bench.Vapi.Resources.All("squad").ShouldBeEmpty();
    }

    [Fact]
    public async Task What_was_deleted_at_Vapi_is_made_anew_and_linked_anew()
    {
        await _bench.AppliedAsync();
        var before = (await _bench.StateAsync()).Resources[new ResourceKey(SyncKind.Tool, "find_it")].Id;
        _bench.Vapi.Resources.Remove("tool", before);

        SyncBench.Short(await _bench.PlanAsync()).ShouldBe(["tool.find_it Create", "assistant.desk Update model"]);
        await _bench.AppliedAsync();

        var after = (await _bench.StateAsync()).Resources[new ResourceKey(SyncKind.Tool, "find_it")];
        (await _bench.AtVapiAsync("assistant.desk")).TextsAt("model.toolIds").Select(entry => entry.Text).ShouldBe([after.Id]);
        (await _bench.PlanAsync()).IsEmpty.ShouldBeTrue();
        await _bench.AppliedAsync();
        (await _bench.StateAsync()).Resources[new ResourceKey(SyncKind.Tool, "find_it")].Former.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_tool_of_another_type_is_made_anew_before_the_old_one_goes()
    {
        await _bench.AppliedAsync();
        _bench.Folder["tools/find_it.yaml"] = "type: dtmf\n";
        var options = _bench.Options with { AllowDelete = true };
        SyncBench.Short(await _bench.PlanAsync(options)).ShouldBe(["tool.find_it Replace type function messages", "assistant.desk Update model"]);

        _bench.Vapi.Requests.Clear();
        await _bench.AppliedAsync(options);

        _bench.Vapi.Requests.All.Where(request => request.IsWrite).Select(request => $"{request.Method} {request.Target.Split('/')[1]}").ShouldBe(["POST tool", "PATCH assistant", "DELETE tool"]);
        _bench.Vapi.Resources.All("tool").ShouldHaveSingleItem().TextAt("type").ShouldBe("dtmf");
        (await _bench.PlanAsync(options)).IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public async Task A_handoff_between_assistants_is_linked_in_a_second_step()
    {
        _bench.Folder["tools/hand_over.yaml"] = "type: handoff\ndestinations:\n  - type: assistant\n    assistantId: lost\n";
        _bench.Folder.Edit("assistants/desk.md", "toolIds: [find_it]", "toolIds: [find_it, hand_over]");

        await _bench.AppliedAsync();

        var lost = (await _bench.StateAsync()).Resources[new ResourceKey(SyncKind.Assistant, "lost")].Id;
        (await _bench.AtVapiAsync("tool.hand_over")).ObjectsAt("destinations").Single().Item.TextAt("assistantId").ShouldBe(lost);
        (await _bench.PlanAsync()).IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public async Task A_link_that_a_structured_output_names_is_written_at_the_assistant()
    {
        _bench.Folder["structured-outputs/mood.yaml"] = "assistantIds: [lost]\nschema:\n  type: object\n  properties:\n    mood:\n      type: string\n";

        await _bench.AppliedAsync();

        var mood = (await _bench.StateAsync()).Resources[new ResourceKey(SyncKind.StructuredOutput, "mood")].Id;
        (await _bench.AtVapiAsync("assistant.lost")).TextsAt("artifactPlan.structuredOutputIds").Select(entry => entry.Text).ShouldBe([mood]);
        (await _bench.PlanAsync()).IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public async Task The_addresses_of_a_number_are_set_again_after_each_save_of_it()
    {
        await _bench.AppliedAsync();
        _bench.Twilio.Account.Numbers.Single(number => number.Number == SyncBench.Line).VoiceUrl.ShouldBe("http://127.0.0.1:5080/twilio/voice");

        _bench.Folder.Edit("phone-numbers/line.yaml", "provider: twilio", "provider: twilio\nsmsEnabled: false");
        SyncBench.Short(await _bench.PlanAsync()).ShouldBe(["phone-number.line Update smsEnabled", "number-routing.line Update voiceUrl"]);
        await _bench.AppliedAsync();

        _bench.Twilio.Account.Numbers.Single(number => number.Number == SyncBench.Line).VoiceUrl.ShouldBe("http://127.0.0.1:5080/twilio/voice");
        (await _bench.PlanAsync()).IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public async Task A_number_that_was_routed_elsewhere_at_Twilio_is_drift()
    {
        await _bench.AppliedAsync();
        _bench.Twilio.Account.TakeOverByVapi(SyncBench.Line);

        SyncBench.Short(await _bench.PlanAsync()).ShouldBe(["number-routing.line Drift voiceUrl:Drift"]);
        await _bench.AppliedAsync(_bench.Options with { Force = true });
        _bench.Twilio.Account.Numbers.Single(number => number.Number == SyncBench.Line).VoiceUrl.ShouldBe("http://127.0.0.1:5080/twilio/voice");
        (await _bench.PlanAsync()).IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public async Task A_rotated_secret_is_sent_again_and_stands_in_no_state()
    {
        await _bench.AppliedAsync();
        _bench.Folder.Environment["VAPI_WEBHOOK_SECRET"] = "another-secret-9876543210";

        var plan = await _bench.PlanAsync();
        SyncBench.Short(plan).ShouldBe(["credential.webhook Update authenticationPlan"]);
        plan.Resources[0].Fields.Single().Rotated.ShouldBe(["VAPI_WEBHOOK_SECRET"]);
        await _bench.AppliedAsync();

        (await _bench.PlanAsync()).IsEmpty.ShouldBeTrue();
        var state = await File.ReadAllTextAsync(Path.Combine(_bench.Folder.Path, "state", "dev.lock.json"));
        foreach (var secret in (string[])["another-secret-9876543210", "webhook-secret-0123456789", _bench.Twilio.AuthToken])
        {
            state.ShouldNotContain(secret);
        }
    }

    [Fact]
    public async Task Credentials_are_only_looked_up_unless_that_is_asked_for()
    {
        var readOnly = new PlanOptions();
        (await _bench.PlanAsync(readOnly)).Problems.ShouldContain(problem => problem.Key.Kind == SyncKind.Credential && problem.Blocks);

        var id = _bench.Vapi.Resources.Add("credential", new JsonObject { ["provider"] = "custom-credential", ["name"] = "webhook" });
        await _bench.AppliedAsync(readOnly);

        (await _bench.AtVapiAsync("assistant.desk")).TextAt("server.credentialId").ShouldBe(id);
        _bench.Vapi.Requests.All.ShouldAllBe(request => !request.IsWrite || !request.Target.StartsWith("/credential", StringComparison.Ordinal));
        (await _bench.PlanAsync(readOnly)).IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public async Task A_lost_state_takes_assistants_by_their_mark_and_overwrites_nothing()
    {
        await _bench.AppliedAsync();
        await _bench.EditAsync("assistant.lost", body => body["model"]!["maxTokens"] = 650);
        _bench.Folder.Delete("state/dev.lock.json");

        var plan = await _bench.PlanAsync();
        SyncBench.Short(plan).ShouldContain("tool.find_it Adopt");
        SyncBench.Short(plan).ShouldContain("assistant.lost Conflict model:Conflict");
        plan.Resources.Single(resource => resource.Key.Name == "lost").Candidates.ShouldBeEmpty();
    }

    [Fact]
    public async Task One_target_brings_what_has_to_be_made_for_it()
    {
        var plan = await _bench.PlanAsync(_bench.Options with { Targets = [new ResourceKey(SyncKind.Assistant, "desk")] });

        SyncBench.Short(plan).ShouldBe(["credential.webhook Create", "tool.find_it Create", "structured-output.outcome Create", "assistant.desk Create"]);
    }

    [Fact]
    public async Task What_fails_takes_only_that_with_it_which_needs_it()
    {
        _bench.Folder["tools/bad.yaml"] = "type: function\nfunction:\n  name: not a name\n";
        _bench.Folder.Edit("assistants/lost.yaml", "messages:", "toolIds: [bad]\n  messages:");

        var report = await _bench.ApplyAsync();

        report.Failures.Select(failure => failure.Key.ToString()).ShouldBe(["tool.bad"]);
        report.Events.Where(step => step.Kind == ApplyEventKind.Skipped).Select(step => step.Key.ToString()).ShouldBe(["assistant.lost", "squad.office"]);
        _bench.Vapi.Resources.All("assistant").ShouldHaveSingleItem().TextAt("name").ShouldBe("desk");
        (await _bench.StateAsync()).Pending.ShouldBeEmpty();
    }
}
