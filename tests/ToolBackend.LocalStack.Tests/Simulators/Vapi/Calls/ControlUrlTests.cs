using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using ToolBackend.LocalStack.Simulators.Vapi;
using ToolBackend.LocalStack.Simulators.Vapi.Calls;

namespace ToolBackend.LocalStack.Tests.Simulators.Vapi.Calls;

public sealed class ControlUrlTests : IAsyncLifetime
{
    private readonly HttpClient _anybody = new();
    private WebhookReceiver _webhook = null!;
    private SimulatedOrg _org = null!;

    public async ValueTask InitializeAsync()
    {
        _webhook = await WebhookReceiver.StartAsync();
        _org = await SimulatedOrg.StartAsync(new VapiSimulatorOptions { Webhook = new WebhookTarget(_webhook.Url) });
    }

    public async ValueTask DisposeAsync()
    {
        _anybody.Dispose();
        await _org.DisposeAsync();
        await _webhook.DisposeAsync();
    }

    private async Task<(string Id, string Url)> LiveCallAsync()
    {
        var call = await _org.MadeAsync("/call", new { assistantId = "a" });
        return (call.Text("id"), call["monitor"].Text("controlUrl"));
    }

    [Theory]
    [InlineData("""{"type":"say","content":"One moment.","endCallAfterSpoken":false}""")]
    [InlineData("""{"type":"add-message","message":{"role":"system","content":"The visit is moved."},"triggerResponseEnabled":true}""")]
    [InlineData("""{"type":"control","control":"mute-assistant"}""")]
    [InlineData("""{"type":"end-call"}""")]
    [InlineData("""{"type":"transfer","destination":{"type":"number","number":"+12065550111"}}""")]
    [InlineData("""{"type":"handoff","destination":{"type":"assistant","assistantId":"x"}}""")]
    public async Task Commands_need_no_key_and_are_kept(string command)
    {
        var (id, url) = await LiveCallAsync();

        using var answer = await _anybody.PostAsJsonAsync(url, JsonNode.Parse(command));

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        var kept = _org.Simulator.Commands.ShouldHaveSingleItem();
        kept.CallId.ShouldBe(id);
        JsonNode.DeepEquals(kept.Body, JsonNode.Parse(command)).ShouldBeTrue();
    }

    [Theory]
    [InlineData("""{"type":"shout","content":"x"}""")]
    [InlineData("""{"type":"say"}""")]
    [InlineData("""{"type":"control","control":"explode"}""")]
    [InlineData("""{"type":"transfer","destination":{"type":"assistant"}}""")]
    [InlineData("""{}""")]
    public async Task A_command_that_means_nothing_is_refused(string command)
    {
        var (_, url) = await LiveCallAsync();

        using var answer = await _anybody.PostAsJsonAsync(url, JsonNode.Parse(command));

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        _org.Simulator.Commands.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_call_that_is_over_has_no_control_url_any_more()
    {
        var call = _org.Simulator.Calls.Add(ReadyScripts.Parcel(1), DateTimeOffset.UnixEpoch);
        var url = $"{_org.Simulator.Url}/{ScriptSecrets.ControlKey}-{call.Id}/control";

        using var answer = await _anybody.PostAsJsonAsync(url, new { type = "end-call" });

        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_token_is_wanted_when_the_assistant_asks_for_one()
    {
        await using var org = await SimulatedOrg.StartAsync(new VapiSimulatorOptions { ControlToken = "public-key" });
        var url = (await org.MadeAsync("/call", new { assistantId = "a" }))["monitor"].Text("controlUrl");

        using var without = await _anybody.PostAsJsonAsync(url, new { type = "end-call" });
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = JsonContent.Create(new { type = "end-call" }), Headers = { Authorization = new("Bearer", "public-key") } };
        using var with = await _anybody.SendAsync(request);

        without.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        with.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Ending_a_call_that_is_played_ends_it_there_and_then()
    {
        using var sender = _org.Simulator.Sender();
        var said = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        _webhook.Before = (received, _) =>
        {
            if (received.Type == ServerMessageTypes.FinalTranscript)
            {
                said.TrySetResult(received.Message["call"]!["monitor"].Text("controlUrl"));
            }

            return Task.CompletedTask;
        };
        // In real time the script has twenty seconds of silence at its end.
        var playing = sender.PlayAsync(ReadyScripts.WebCall(4), speed: 20);
        using var ended = await _anybody.PostAsJsonAsync(await said.Task.WaitAsync(TimeSpan.FromSeconds(20)), new { type = "end-call" });

        var played = await playing.WaitAsync(TimeSpan.FromSeconds(20));

        ended.StatusCode.ShouldBe(HttpStatusCode.OK);
        _webhook.All.Single(received => received.Type == "status-update" && received.Message["status"]!.GetValue<string>() == "ended").Message.Text("endedReason").ShouldBe("manually-canceled");
        (await _org.GetAsync("/call/" + played.Call.Id)).Body.Text("endedReason").ShouldBe("manually-canceled");
    }
}
