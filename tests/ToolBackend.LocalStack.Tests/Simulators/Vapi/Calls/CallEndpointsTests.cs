using System.Net;
using System.Text.Json.Nodes;
using ToolBackend.LocalStack.Simulators.Vapi;
using ToolBackend.LocalStack.Simulators.Vapi.Calls;
using ToolBackend.Testing;

namespace ToolBackend.LocalStack.Tests.Simulators.Vapi.Calls;

public sealed class CallEndpointsTests : IAsyncLifetime
{
    private readonly ManualClock _clock = new();
    private SimulatedOrg _org = null!;

    public async ValueTask InitializeAsync() => _org = await SimulatedOrg.StartAsync(new VapiSimulatorOptions { Time = _clock });

    public ValueTask DisposeAsync() => _org.DisposeAsync();

    private ScriptedCall Past(int seed, DateTimeOffset startedAt) => _org.Simulator.Calls.Add(ReadyScripts.Parcel(seed), startedAt);

    [Theory]
    [InlineData(null)]
    [InlineData("Bearer wrong")]
    [InlineData("sim-vapi-private-key-0001")]
    public async Task A_wrong_key_is_answered_as_Vapi_does(string? authorization)
    {
        using var http = new HttpClient { BaseAddress = new Uri(_org.Simulator.Url) };
        if (authorization is not null)
        {
            http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", authorization);
        }

        using var answer = await http.GetAsync("/call");

        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await answer.Content.ReadAsStringAsync()).ShouldBe(
            """{"message":"Invalid Key. Hot tip, you may be using the private key instead of the public key, or vice versa.","error":"Unauthorized","statusCode":401}""");
    }

    [Fact]
    public async Task Calls_are_a_bare_array_newest_first_a_hundred_at_a_time()
    {
        for (var i = 0; i < 130; i++)
        {
            Past(i, _clock.UtcNow.AddMinutes(-i));
        }

        var (_, usual) = await _org.GetAsync("/call");
        var (_, most) = await _org.GetAsync("/call?limit=1000");

        usual!.AsArray().Count.ShouldBe(100);
        most!.AsArray().Count.ShouldBe(130);
        most.AsArray().Select(call => call.Text("createdAt")).ShouldBeInOrder(SortDirection.Descending, StringComparer.Ordinal);
    }

    [Fact]
    public async Task Calls_are_found_by_id_assistant_and_time_of_change()
    {
        var old = Past(1, _clock.UtcNow.AddHours(-2));
        _clock.Advance(TimeSpan.FromHours(1));
        var since = _clock.UtcNow;
        _clock.Advance(TimeSpan.FromSeconds(1));
        var changed = Past(2, _clock.UtcNow.AddHours(-5));

        (await _org.GetAsync("/call?id=" + old.Id)).Body!.AsArray().Single().Text("id").ShouldBe(old.Id);
        (await _org.GetAsync("/call?assistantId=nobody")).Body!.AsArray().ShouldBeEmpty();
        (await _org.GetAsync($"/call?updatedAtGe={since:yyyy-MM-dd'T'HH:mm:ss.fff'Z'}")).Body!.AsArray().Single().Text("id").ShouldBe(changed.Id);
        (await _org.GetAsync($"/call?createdAtLt={since.AddHours(-4):yyyy-MM-dd'T'HH:mm:ss.fff'Z'}")).Body!.AsArray().Single().Text("id").ShouldBe(changed.Id);
    }

    [Theory]
    [InlineData("limit=1001", "limit must not be greater than 1000")]
    [InlineData("limit=-1", "limit must not be less than 0")]
    [InlineData("limit=many", "limit must be a number conforming to the specified constraints")]
    [InlineData("page=2", "property page should not exist")]
    [InlineData("createdAtGt=yesterday", "createdAtGt must be a valid ISO 8601 date string")]
    public async Task A_query_that_Vapi_does_not_know_is_refused(string query, string rule) => (await _org.GetAsync("/call?" + query)).Rules().ShouldBe([rule]);

    [Fact]
    public async Task A_call_that_does_not_exist_is_404()
    {
        var (status, body) = await _org.GetAsync("/call/5d7c0b52-0000-4000-8000-00000000dead");

        status.ShouldBe(HttpStatusCode.NotFound);
        body!["statusCode"]!.GetValue<int>().ShouldBe(404);
    }

    [Fact]
    public async Task A_created_call_is_queued_with_a_control_url_and_what_is_left_of_the_lines()
    {
        var call = await _org.MadeAsync("/call", new { assistantId = "a", phoneNumberId = "p", customer = new { number = "+12065550142" }, name = "Recall" });

        call.Text("status").ShouldBe("queued");
        call.Text("type").ShouldBe("outboundPhoneCall");
        call["monitor"].Text("controlUrl").ShouldStartWith(_org.Simulator.Url);
        call["subscriptionLimits"]!["remainingConcurrentCalls"]!.GetValue<int>().ShouldBe(9);
        (await _org.GetAsync("/call/" + call.Text("id"))).Body.Text("name").ShouldBe("Recall");
    }

    [Fact]
    public async Task A_call_that_we_connect_ourselves_comes_with_TwiML()
    {
        var call = await _org.MadeAsync("/call", new { assistantId = "a", phoneNumberId = "p", phoneCallProviderBypassEnabled = true });

        call["phoneCallProviderDetails"].Text("twiml").ShouldContain("<Connect><Stream url=\"ws://127.0.0.1:");
    }

    [Fact]
    public async Task The_call_after_the_last_line_is_blocked()
    {
        for (var i = 0; i < 10; i++)
        {
            (await _org.MadeAsync("/call", new { assistantId = "a" }))["subscriptionLimits"]!["concurrencyBlocked"]!.GetValue<bool>().ShouldBeFalse();
        }

        var blocked = await _org.MadeAsync("/call", new { assistantId = "a" });

        blocked["subscriptionLimits"]!["concurrencyBlocked"]!.GetValue<bool>().ShouldBeTrue();
        blocked.Text("endedReason").ShouldBe("call.start.error-subscription-concurrency-limit-reached");
    }

    [Fact]
    public async Task A_call_without_anybody_to_answer_and_with_unknown_words_is_refused()
    {
        var answer = await _org.PostAsync("/call", new { phone = "p", name = new string('x', 41) });

        answer.Rules().ShouldBe(
        [
            "property phone should not exist", "name must be shorter than or equal to 40 characters",
            "Need Either `assistant`, `assistantId`, `squad`, `squadId`, `workflow` Or `workflowId`",
        ]);
    }

    [Fact]
    public async Task Only_the_name_of_a_call_can_be_changed()
    {
        var call = Past(1, _clock.UtcNow.AddHours(-1));

        (await _org.PatchAsync("/call/" + call.Id, new { name = "Angry", metadata = "x" })).Rules().ShouldBe(["property metadata should not exist"]);
        (await _org.PatchAsync("/call/" + call.Id, new { name = "Angry" })).Body.Text("name").ShouldBe("Angry");
        (await _org.GetAsync("/call/" + call.Id)).Body.Text("name").ShouldBe("Angry");
    }

    [Fact]
    public async Task Deleting_takes_the_data_of_several_calls_away()
    {
        var first = Past(1, _clock.UtcNow);
        var second = Past(2, _clock.UtcNow);

        var (status, body) = await _org.SendAsync(HttpMethod.Delete, "/call/" + first.Id, new { ids = new[] { second.Id } });

        status.ShouldBe(HttpStatusCode.OK);
        body.Text("id").ShouldBe(first.Id);
        (await _org.GetAsync("/call")).Body!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task The_call_object_moves_along_while_its_messages_are_lost()
    {
        await using var webhook = await WebhookReceiver.StartAsync();
        using var sender = _org.Simulator.Sender(new WebhookTarget(webhook.Url));
        var script = ReadyScripts.WebCall(0);
        var playing = sender.PlayAsync(script, speed: 1, new DeliveryFaults { Losses = 1 });
        var id = ScriptedCall.Of(script, _clock.UtcNow).Id;

        _clock.Advance(TimeSpan.FromSeconds(5));
        (await _org.GetAsync("/call/" + id)).Body.Text("status").ShouldBe("in-progress");
        while (!playing.IsCompleted)
        {
            _clock.Advance(TimeSpan.FromSeconds(5));
            await Task.Yield();
        }

        var call = (await _org.GetAsync("/call/" + id)).Body!;
        call.Text("status").ShouldBe("ended");
        call.Text("endedReason").ShouldBe("silence-timed-out");
        call["messages"]!.AsArray().Count.ShouldBe(4);
        call["analysis"].Text("successEvaluation").ShouldBe("false");
        webhook.All.ShouldBeEmpty();
        (await playing).Deliveries.ShouldAllBe(delivery => delivery.Attempts.Count == 0);
    }
}
