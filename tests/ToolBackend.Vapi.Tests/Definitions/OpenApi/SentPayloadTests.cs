using System.Text.Json.Nodes;
using ToolBackend.LocalStack.Simulators.Http;
using ToolBackend.Vapi.Sync.Planning;
using ToolBackend.Vapi.Tests.Pulling;

namespace ToolBackend.Vapi.Tests.Definitions.OpenApi;

/// <summary>Every body that an apply of the product's own definitions sends is one that Vapi takes.</summary>
public sealed class SentPayloadTests : IAsyncLifetime
{
    private SyncedFolder _synced = null!;

    public async ValueTask InitializeAsync() => _synced = await SyncedFolder.StartAsync(Path.Combine(AppContext.BaseDirectory, "vapi"));

    public ValueTask DisposeAsync() => _synced.DisposeAsync();

    private async Task<IReadOnlyList<string>> ProblemsAsync()
    {
        var world = await _synced.WorldAsync();
        return PayloadSchemas.OfThisRun(id => world.All.Single(resource => resource.Id == id).Body).ProblemsIn(Writes);
    }

    private IReadOnlyList<SimulatedRequest> Writes => [.. _synced.Simulator.Requests.All.Where(request => request.IsWrite)];

    [Fact]
    public async Task Creates_updates_clearings_and_links_are_all_taken()
    {
        await _synced.ApplyAsync();
        Writes.Select(request => request.Target.Split('?', '/')[1]).Distinct().ShouldBe(["credential", "tool", "structured-output", "assistant", "squad", "phone-number"], ignoreOrder: true);
        (await ProblemsAsync()).ShouldBeEmpty();

        _synced.Simulator.Requests.Clear();
        _synced.Folder.Edit("assistants/receptionist.md", "backgroundSound: \"off\"\n", "");
        _synced.Folder.Edit("assistants/receptionist.md", "You are the receptionist of ", "You are the kind receptionist of ");
        _synced.Folder.Edit("tools/book_appointment.yaml", "Books an appointment for the caller.", "Books an appointment.");
        _synced.Folder.Edit("structured-outputs/call-outcome.yaml", "How the call ended for the caller,", "How the call ended,");
        _synced.Folder.Edit("squads/front-office.yaml", "name: front-office", "name: front-desk");
        _synced.Folder.Edit("phone-numbers/main-line.yaml", "I'm connecting you", "I connect you");
        _synced.Folder.Edit("credentials/webhook.yaml", "name: toolbackend-webhook", "name: our-webhook");
        await _synced.ApplyAsync();

        Writes.Count(request => request.Method == "PATCH").ShouldBeGreaterThanOrEqualTo(6);
        Writes.Where(request => request.Target.StartsWith("/assistant/", StringComparison.Ordinal)).ShouldContain(request => request.Body.Contains("\"backgroundSound\":null", StringComparison.Ordinal));
        (await ProblemsAsync()).ShouldBeEmpty();
        (await _synced.PlanAsync()).Of(PlanAction.Unchanged).Count().ShouldBe((await _synced.PlanAsync()).Resources.Count);
    }

    [Theory]
    [InlineData("POST", "/assistant", """{"name":"a","frstMessage":"Hello."}""", "frstMessage")]
    [InlineData("POST", "/assistant", """{"name":"a","model":{"provider":"groq","model":"openai/gpt-oss-20b","temperature":9}}""", "temperature")]
    [InlineData("PATCH", "/assistant/1", """{"voice":{"provider":"11labs","voiceId":"x","sped":1.1}}""", "sped")]
    [InlineData("POST", "/tool", """{"type":"function","function":{"name":"a b"}}""", "name")]
    [InlineData("PATCH", "/tool/1", """{"function":{"name":"a","parameterz":{}}}""", "parameterz")]
    [InlineData("PATCH", "/structured-output/1?schemaOverride=true", """{"name":"0123456789012345678901234567890123456789x"}""", "name")]
    [InlineData("POST", "/squad", """{"name":"a"}""", "members")]
    [InlineData("POST", "/phone-number", """{"provider":"twilio","number":"+12065550100","routing":{"voiceUrl":"https://a.example"}}""", "")]
    [InlineData("POST", "/credential", """{"provider":"custom-credential","authenticationPlan":{"type":"hmac","secretKey":"x","algorithm":"md5"}}""", "md5")]
    public void A_mistake_is_found(string method, string target, string body, string where)
    {
        var function = new JsonObject { ["type"] = "function" };
        var problems = PayloadSchemas.OfThisRun(_ => target.StartsWith("/tool/", StringComparison.Ordinal) ? function : []).ProblemsIn([new SimulatedRequest(method, target, body, 200, default)]);

        problems.ShouldNotBeEmpty();
        problems[0].ShouldContain(where);
    }
}
