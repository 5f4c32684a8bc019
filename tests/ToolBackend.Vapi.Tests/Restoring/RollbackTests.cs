using System.Text.Json.Nodes;
using ToolBackend.Vapi.Restoring;
using ToolBackend.Vapi.Sync;
using ToolBackend.Vapi.Sync.Planning;
using ToolBackend.Vapi.Sync.State;
using ToolBackend.Vapi.Tests.Pulling;

namespace ToolBackend.Vapi.Tests.Restoring;

public sealed class RollbackTests : IAsyncLifetime
{
    private SyncedFolder _synced = null!;

    public async ValueTask InitializeAsync() => _synced = await SyncedFolder.StartAsync();

    public ValueTask DisposeAsync() => _synced.DisposeAsync();

    /// <summary>A snapshot as it comes out of its file.</summary>
    private async Task<Snapshot> SnapshotAsync()
    {
        var taken = SnapshotTaking.Of(_synced.Folder.LoadLeniently(), await _synced.StateAsync(), await _synced.WorldAsync(), TimeProvider.System.GetUtcNow());
        return Snapshot.Parse(taken.ToJson(), "snapshot");
    }

    private async Task<Rollback> RollBackAsync(Snapshot snapshot, PlanOptions? options = null)
    {
        var rollback = Rollback.To(
            snapshot, _synced.Folder.LoadLeniently(), await _synced.StateAsync(), await _synced.WorldAsync(), options ?? new PlanOptions { ManageCredentials = true }, _synced.Folder.Environment.GetValueOrDefault);
        await _synced.ApplyAsync(rollback.Plan);
        await rollback.RestoreAddressesAsync(_synced.Remote, _ => { }, default);
        return rollback;
    }

    /// <summary>Everything at Vapi and Twilio but times and what only Vapi counts.</summary>
    private async Task<string> AllAsync()
    {
        var world = await _synced.WorldAsync();
        return string.Join('\n', world.All.Select(resource =>
        {
            var body = (JsonObject)resource.Body.DeepClone();
            foreach (var name in new[] { "updatedAt", "createdAt", "latestVersion" })
            {
                body.Remove(name);
            }

            foreach (var (name, _) in body.Where(member => member.Value is null).ToList())
            {
                body.Remove(name);
            }

            return $"{resource.Kind} {new JsonObject(body.OrderBy(member => member.Key, StringComparer.Ordinal).Select(member => KeyValuePair.Create(member.Key, member.Value?.DeepClone()))).ToJsonString()}";
        }).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Applies_and_dashboard_edits_since_a_snapshot_are_taken_back()
    {
        await _synced.ApplyAsync();
        var before = await AllAsync();
        var snapshot = await SnapshotAsync();
        _synced.Folder.Edit("assistants/desk.md", "firstMessage: Hello.", "firstMessage: Good morning.\nendCallMessage: Bye.");
        _synced.Folder.Edit("tools/find_it.yaml", "Finds it.", "Finds it at once.");
        await _synced.ApplyAsync();
        await _synced.DashboardAsync("assistant.lost", new JsonObject { ["firstMessage"] = "Who?", ["voicemailMessage"] = "Later." });

        var rollback = await RollBackAsync(snapshot);

        rollback.Plan.Resources.Where(resource => resource.Writes).Select(resource => resource.Key.ToString()).ShouldBe(["tool.find_it", "assistant.desk", "assistant.lost"]);
        (await AllAsync()).ShouldBe(before);
        (await _synced.PlanAsync()).Of(PlanAction.Update).Select(resource => resource.Key.ToString()).ShouldBe(["tool.find_it", "assistant.desk"], "the files are ahead now");
        Rollback.To(snapshot, _synced.Folder.LoadLeniently(), await _synced.StateAsync(), await _synced.WorldAsync(), new PlanOptions { ManageCredentials = true }, _synced.Folder.Environment.GetValueOrDefault)
            .IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public async Task An_address_that_was_empty_is_emptied_again()
    {
        await _synced.ApplyAsync();
        var snapshot = await SnapshotAsync();
        var number = _synced.Twilio.Account.Numbers.Single(line => line.Number == SyncedFolder.Number);
        number.VoiceFallbackUrl.ShouldBeNullOrEmpty();
        _synced.Folder.Edit("phone-numbers/line.yaml", "  voiceUrl: ${apiUrl}/twilio/voice", "  voiceUrl: ${apiUrl}/twilio/other\n  voiceFallbackUrl: https://standby.example.com/voice");
        await _synced.ApplyAsync();
        number.VoiceFallbackUrl.ShouldBe("https://standby.example.com/voice");
        number.StatusCallback = "https://elsewhere.example.com/status";

        await RollBackAsync(snapshot);

        number.VoiceUrl.ShouldBe("http://127.0.0.1:5080/twilio/voice");
        number.VoiceFallbackUrl.ShouldBeNullOrEmpty();
        number.StatusCallback.ShouldBeNullOrEmpty();
    }

    [Fact]
    public async Task Before_the_first_apply_a_number_had_other_addresses_and_has_them_again_when_its_phone_number_is_gone()
    {
        var number = _synced.Twilio.Account.Numbers.Single(line => line.Number == SyncedFolder.Number);
        var snapshot = await SnapshotAsync();
        snapshot.Resources.Select(resource => resource.Key.ToString()).ShouldBe(["number-routing.line"]);
        await _synced.ApplyAsync();
        number.VoiceUrl.ShouldNotBeNullOrEmpty();

        var rollback = await RollBackAsync(snapshot, new PlanOptions { ManageCredentials = true, AllowDelete = true });

        rollback.Addresses.ShouldHaveSingleItem().Key.ShouldBe(new ResourceKey(SyncKind.NumberRouting, "line"));
        number.VoiceUrl.ShouldBeNullOrEmpty();
        (await _synced.WorldAsync()).All.Where(resource => resource.Kind != SyncKind.NumberRouting).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_was_made_since_is_deleted_only_when_that_is_said()
    {
        await _synced.ApplyAsync();
        var snapshot = await SnapshotAsync();
        _synced.Folder["assistants/late.yaml"] = "firstMessage: Late.";
        await _synced.ApplyAsync();

        (await RollBackAsync(snapshot)).Plan.Of(PlanAction.Delete).ShouldHaveSingleItem().IsHeldBack.ShouldBeTrue();
        (await _synced.StateAsync()).Resources.Keys.ShouldContain(new ResourceKey(SyncKind.Assistant, "late"));
        await RollBackAsync(snapshot, new PlanOptions { ManageCredentials = true, AllowDelete = true });

        (await _synced.StateAsync()).Resources.Keys.ShouldNotContain(new ResourceKey(SyncKind.Assistant, "late"));
    }

    [Fact]
    public async Task What_was_deleted_since_is_made_again_and_whatever_refers_to_it_is_linked()
    {
        await _synced.ApplyAsync();
        var snapshot = await SnapshotAsync();
        var old = (await _synced.StateAsync()).Resources[new ResourceKey(SyncKind.Tool, "find_it")].Id;
        await _synced.Vapi.DeleteAsync($"tool/{old}");

        await RollBackAsync(snapshot);

        var anew = (await _synced.StateAsync()).Resources[new ResourceKey(SyncKind.Tool, "find_it")].Id;
        anew.ShouldNotBe(old);
        (await _synced.RemoteAsync("assistant.desk"))["model"]!["toolIds"]!.AsArray().Single()!.GetValue<string>().ShouldBe(anew);
    }

    [Fact]
    public async Task A_snapshot_holds_no_secret_and_its_way_back_loses_none()
    {
        await _synced.ApplyAsync();
        await _synced.DashboardAsync("assistant.desk", new JsonObject
        {
            ["server"] = new JsonObject { ["url"] = "https://one.example.com/vapi/webhook", ["headers"] = new JsonObject { ["X-Key"] = "header-value-0001" } },
        });
        var snapshot = await SnapshotAsync();
        snapshot.ToJson().ShouldNotContain("header-value-0001");
        snapshot.ToJson().ShouldNotContain("the-twilio-token-of-the-account");
        snapshot.ToJson().ShouldNotContain("the-webhook-secret");
        await _synced.DashboardAsync("assistant.desk", new JsonObject
        {
            ["server"] = new JsonObject { ["url"] = "https://two.example.com/vapi/webhook", ["headers"] = new JsonObject { ["X-Key"] = "header-value-0002" } },
        });

        await RollBackAsync(snapshot);

        var server = (await _synced.RemoteAsync("assistant.desk"))["server"]!;
        server["url"]!.GetValue<string>().ShouldBe("https://one.example.com/vapi/webhook");
        server["headers"]!["X-Key"]!.GetValue<string>().ShouldBe("header-value-0002", "a value that is not in the snapshot stays what it is");
    }

    [Fact]
    public async Task A_snapshot_of_another_environment_is_refused()
    {
        await _synced.ApplyAsync();
        var snapshot = await SnapshotAsync() with { Environment = "prod" };

        await Should.ThrowAsync<StateException>(() => RollBackAsync(snapshot));
    }
}
