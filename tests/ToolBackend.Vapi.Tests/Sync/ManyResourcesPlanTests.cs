using ToolBackend.Vapi.Sync.Planning;

namespace ToolBackend.Vapi.Tests.Sync;

public sealed class ManyResourcesPlanTests
{
    [Fact]
    public async Task Five_hundred_resources_are_planned_by_lists_alone_and_an_apply_of_nothing_writes_nothing()
    {
        await using var bench = await SyncBench.StartAsync();
        for (var i = 0; i < 250; i++)
        {
            bench.Folder[$"tools/tool_{i}.yaml"] = $"type: function\nfunction:\n  name: tool_{i}\n  description: Number {i}.\n";
            bench.Folder[$"assistants/assistant-{i}.yaml"] = $"firstMessage: Number {i}.\nmodel:\n  provider: groq\n  model: openai/gpt-oss-20b\n  toolIds: [tool_{i}]\n";
        }

        await bench.AppliedAsync();
        bench.Vapi.Requests.Clear();
        bench.Twilio.Requests.Clear();

        var plan = await bench.PlanAsync();
        plan.Resources.Count.ShouldBeGreaterThan(500);
        plan.IsEmpty.ShouldBeTrue();
        await bench.AppliedAsync();

        string[] lists = ["/assistant", "/credential", "/phone-number", "/squad", "/structured-output", "/tool"];
        bench.Vapi.Requests.All.ShouldAllBe(request => request.Method == "GET");
        bench.Vapi.Requests.All.Select(request => request.Target.Split('?')[0]).Order(StringComparer.Ordinal).ShouldBe(lists.Concat(lists).Order(StringComparer.Ordinal));
        bench.Twilio.Requests.All.ShouldAllBe(request => request.Method == "GET");
    }

    [Fact]
    public async Task A_saved_plan_is_the_same_until_a_file_or_Vapi_moves()
    {
        await using var bench = await SyncBench.StartAsync();
        await bench.AppliedAsync();
        bench.Folder.Edit("assistants/desk.md", "Hello.", "Good day.");
        var saved = PlanFile.Parse(PlanFile.Of(await bench.PlanAsync(), DateTimeOffset.UnixEpoch).ToJson(), "plan");
        saved.MovedSince(await bench.PlanAsync(saved.Options)).ShouldBeEmpty();

        await bench.EditAsync("squad.office", body => body["name"] = "renamed");
        saved.MovedSince(await bench.PlanAsync(saved.Options)).ShouldBe(["squad.office: it changed at Vapi"]);
        bench.Folder.Edit("assistants/desk.md", "Good day.", "Good evening.");
        saved.MovedSince(await bench.PlanAsync(saved.Options)).ShouldBe(["assistant.desk: its file changed", "squad.office: it changed at Vapi"]);
    }
}
