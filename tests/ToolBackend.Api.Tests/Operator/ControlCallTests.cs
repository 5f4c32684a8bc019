using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using ToolBackend.Core.Calls.Events;
using ToolBackend.Core.Calls.Intake;
using ToolBackend.Core.Observability;
using ToolBackend.LocalStack.Simulators.Http;
using ToolBackend.LocalStack.Simulators.Vapi;
using ToolBackend.Testing;

namespace ToolBackend.Api.Tests.Operator;

public sealed class ControllingApi(PostgresCluster cluster, RedisServer redis) : ApiFixture(cluster, redis)
{
    protected override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>(StringComparer.Ordinal)
    {
        ["Vapi:Control:AllowLoopback"] = "true",
        ["Vapi:Control:PublicKey"] = "sim-public-key",
        ["Vapi:Control:TimeoutMilliseconds"] = "2000",
    };
}

public sealed class ControlCallTests(ControllingApi api) : IClassFixture<ControllingApi>, IAsyncLifetime
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private VapiSimulator _vapi = null!;

    public async ValueTask InitializeAsync() => _vapi = await VapiSimulator.StartAsync(new VapiSimulatorOptions { ControlToken = "sim-public-key" });

    public ValueTask DisposeAsync() => _vapi.DisposeAsync();

    [Theory]
    [InlineData("say", """{"type":"say","content":"One moment, please."}""")]
    [InlineData("add-message", """{"type":"add-message","message":{"role":"system","content":"Be brief."},"triggerResponseEnabled":false}""")]
    [InlineData("control", """{"type":"control","control":"mute-assistant"}""")]
    [InlineData("transfer", """{"type":"transfer","destination":{"type":"number","number":"+12065550150"},"content":"I put you through."}""")]
    [InlineData("handoff", """{"type":"handoff","destination":{"type":"assistant","assistantName":"Billing"}}""")]
    [InlineData("end-call", """{"type":"end-call"}""")]
    public async Task A_command_reaches_the_live_call_as_it_is(string type, string body)
    {
        var call = await LiveCallAsync();
        using var answer = await PostAsync(call, body);
        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted, await answer.Content.ReadAsStringAsync());
        (await answer.Content.ReadAsStringAsync()).ShouldBe($$"""{"callId":"{{call}}","type":"{{type}}"}""");
        var taken = _vapi.Commands.ShouldHaveSingleItem();
        taken.CallId.ShouldBe(call);
        JsonElement.DeepEquals(JsonSerializer.SerializeToElement(taken.Body), JsonDocument.Parse(body).RootElement).ShouldBeTrue();
    }

    [Fact]
    public async Task The_call_may_be_named_by_the_carrier_s_id()
    {
        var call = await LiveCallAsync("CA-by-carrier");
        using var answer = await PostAsync("CA-by-carrier", """{"type":"end-call"}""");
        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        _vapi.Commands.ShouldHaveSingleItem().CallId.ShouldBe(call);
    }

    [Theory]
    [InlineData("no-such-call")]
    [InlineData("%01")]
    [InlineData("a%20b'--")]
    public async Task An_unknown_call_is_404(string id) => await ShouldFailAsync(id, HttpStatusCode.NotFound, "There is no call with this id.");

    [Fact]
    public async Task A_call_that_has_ended_is_409()
    {
        var call = await LiveCallAsync();
        await AppendAsync(call, "ended", control: null);
        await WhenAsync($"select exists (select from call where call_id = '{call}' and status = 'ended')");
        await ShouldFailAsync(call, HttpStatusCode.Conflict, "The call has ended.");
    }

    [Fact]
    public async Task A_live_call_without_an_address_is_409()
    {
        var call = await FoldedAsync(control: null);
        await ShouldFailAsync(call, HttpStatusCode.Conflict, "Vapi has given no control address for this call.");
    }

    [Theory]
    [InlineData("https://169.254.169.254/latest/meta-data/")]
    [InlineData("https://example.com/x/control")]
    [InlineData("http://phone.vapi.ai/x/control")]
    [InlineData("file:///etc/passwd")]
    public async Task S10_an_address_that_may_not_be_called_is_409_and_names_the_setting(string url)
    {
        var call = await FoldedAsync(url);
        await ShouldFailAsync(call, HttpStatusCode.Conflict, "The control address of this call is not one that may be called: see Vapi:Control:Hosts.");
    }

    [Fact]
    public async Task What_Vapi_refuses_is_502_what_it_does_not_answer_is_504()
    {
        var call = await LiveCallAsync();
        _vapi.Faults.Add(new SimulatorFault(SimulatorFaultKind.Status) { Status = 400 });
        await ShouldFailAsync(call, HttpStatusCode.BadGateway, "Vapi refused the command with status 400.");
        _vapi.Faults.Clear();
        _vapi.Faults.Add(new SimulatorFault(SimulatorFaultKind.Refuse));
        await ShouldFailAsync(call, HttpStatusCode.BadGateway, "Vapi's control address cannot be reached.");
        _vapi.Faults.Clear();
        _vapi.Faults.Add(new SimulatorFault(SimulatorFaultKind.Hang));
        await ShouldFailAsync(call, HttpStatusCode.GatewayTimeout, "Vapi did not answer in time: the command may have been taken.");
    }

    [Theory]
    [InlineData("""{"type":"say"}""", "content")]
    [InlineData("""{"type":"shout","content":"x"}""", "type")]
    [InlineData("""{"type":"transfer","destination":{"type":"number","number":"911"}}""", "destination.number")]
    [InlineData("[]", "type")]
    public async Task What_is_no_command_is_refused_by_the_name_of_the_member(string body, string member)
    {
        using var answer = await PostAsync("whichever", body);
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("errors").EnumerateObject().Select(e => e.Name).ShouldBe([member]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("""{"type":"say","type":"end-call"}""")]
    public async Task What_is_no_JSON_is_400(string body)
    {
        using var answer = await PostAsync("whichever", body);
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Other_content_is_415_and_too_much_of_it_413()
    {
        using var text = await api.Operator.PostAsync("/calls/x/control", new StringContent("""{"type":"end-call"}""", Encoding.UTF8, "text/plain"));
        text.StatusCode.ShouldBe(HttpStatusCode.UnsupportedMediaType);
        using var large = await PostAsync("x", $$"""{"type":"say","content":"{{new string('x', 70_000)}}"}""");
        large.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task Without_the_key_nothing_is_read_or_sent()
    {
        var call = await LiveCallAsync();
        using var answer = await api.Http.PostAsync($"/calls/{call}/control", Json("{"));
        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        _vapi.Commands.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_audit_names_the_call_and_the_type_and_nothing_of_the_content()
    {
        var call = await LiveCallAsync();
        using var answer = await PostAsync(call, """{"type":"transfer","destination":{"type":"number","number":"+12065550199"},"content":"SECRET-WORDS"}""");
        var line = api.Logs.Lines.Single(l => l.Id.Id == 2601 && l.Message.Contains(call, StringComparison.Ordinal));
        line.Message.ShouldBe($"Call {call} was sent the command transfer: Taken (status 200)");
        api.Logs.Lines.ShouldAllBe(l => !l.Text.Contains("SECRET-WORDS") && !l.Text.Contains("2065550199") && !l.Text.Contains("/control-") && !l.Text.Contains(_vapi.Url));
    }

    /// <summary>A call that lives at the simulated Vapi and whose address came in a message.</summary>
    private async Task<string> LiveCallAsync(string? sid = null)
    {
        using var vapi = new HttpClient();
        vapi.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", _vapi.ApiKey);
        using var created = await vapi.PostAsync(_vapi.Url + "/call", Json("""{"assistantId":"a"}"""));
        var call = JsonDocument.Parse(await created.Content.ReadAsStringAsync()).RootElement;
        var id = call.GetProperty("id").GetString()!;
        await AppendAsync(id, "in-progress", call.GetProperty("monitor").GetProperty("controlUrl").GetString(), sid);
        await WhenAsync($"select exists (select from call where call_id = '{id}')");
        return id;
    }

    private async Task<string> FoldedAsync(string? control)
    {
        var id = $"call-{Guid.NewGuid():N}";
        await AppendAsync(id, "in-progress", control);
        await WhenAsync($"select exists (select from call where call_id = '{id}')");
        return id;
    }

    private Task AppendAsync(string callRef, string status, string? control, string? sid = null)
    {
        var now = TimeProvider.System.GetUtcNow();
        var told = new CallEvent(callRef, Guid.NewGuid(), CallEventSource.Vapi, "status-update", CallEventKind.Status, now, now, sid, new CallFacts { Status = status });
        return api.Node.Services.GetRequiredService<ICallEventStore>().AppendAsync(new ReportedEvent(told, null, control is null ? null : Sensitive.Of(control)), CancellationToken.None);
    }

    private Task WhenAsync(string sql) => Eventually.IsTrueAsync(async () => await api.QueryAsync(sql) is true, s_patience, "the call was not folded");

    private async Task ShouldFailAsync(string id, HttpStatusCode status, string detail)
    {
        using var answer = await PostAsync(id, """{"type":"say","content":"Hello."}""");
        var text = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(status, text);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        JsonDocument.Parse(text).RootElement.GetProperty("detail").GetString().ShouldBe(detail);
    }

    private Task<HttpResponseMessage> PostAsync(string id, string body) => api.Operator.PostAsync($"/calls/{id}/control", Json(body));

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");
}
