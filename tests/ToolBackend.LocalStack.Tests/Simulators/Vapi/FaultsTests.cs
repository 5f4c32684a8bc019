using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using ToolBackend.LocalStack.Simulators.Http;
using ToolBackend.LocalStack.Simulators.Vapi;
using ToolBackend.Testing;

namespace ToolBackend.LocalStack.Tests.Simulators.Vapi;

public sealed class FaultsTests : IAsyncLifetime
{
    private readonly ManualClock _clock = new();
    private SimulatedOrg _org = null!;

    public async ValueTask InitializeAsync() => _org = await SimulatedOrg.StartAsync(new VapiSimulatorOptions { Time = _clock });

    public ValueTask DisposeAsync() => _org.DisposeAsync();

    [Fact]
    public async Task An_error_status_has_the_shape_of_the_api_and_may_say_when_to_come_back()
    {
        _org.Simulator.Faults.Add(new SimulatorFault(SimulatorFaultKind.Status) { Status = 429, RetryAfterSeconds = 7 });

        using var answer = await _org.Http.GetAsync("/call");

        answer.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        answer.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(7));
        (await answer.Content.ReadAsStringAsync()).ShouldBe("""{"message":"Too Many Requests","error":"Too Many Requests","statusCode":429}""");
    }

    [Fact]
    public async Task A_gateway_answers_with_a_page()
    {
        _org.Simulator.Faults.Add(new SimulatorFault(SimulatorFaultKind.Html) { Status = 502 });

        using var answer = await _org.Http.GetAsync("/call");

        answer.StatusCode.ShouldBe(HttpStatusCode.BadGateway);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/html");
    }

    [Fact]
    public async Task A_fault_hits_the_asked_requests_only_and_so_often()
    {
        _org.Simulator.Faults.Add(new SimulatorFault(SimulatorFaultKind.Status) { Method = "GET", Path = "/call", After = 1, Times = 2 });

        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < 5; i++)
        {
            statuses.Add((await _org.GetAsync("/call")).Status);
        }

        statuses.ShouldBe([HttpStatusCode.OK, HttpStatusCode.InternalServerError, HttpStatusCode.InternalServerError, HttpStatusCode.OK, HttpStatusCode.OK]);
    }

    [Fact]
    public async Task A_refused_request_does_nothing_and_one_that_is_cut_after_its_work_has_done_it()
    {
        _org.Simulator.Faults.Add(new SimulatorFault(SimulatorFaultKind.Refuse) { Times = 1 });
        _org.Simulator.Faults.Add(new SimulatorFault(SimulatorFaultKind.CutAfterWork) { Times = 1 });

        await Should.ThrowAsync<HttpRequestException>(() => _org.PostAsync("/call", new { assistantId = "a" }));
        _org.Simulator.Calls.Count.ShouldBe(0);
        await Should.ThrowAsync<HttpRequestException>(() => _org.PostAsync("/call", new { assistantId = "a" }));
        _org.Simulator.Calls.Count.ShouldBe(1);
        _org.Simulator.Requests.All.Select(request => request.Status).ShouldBe([0, 0]);
    }

    [Fact]
    public async Task A_slow_answer_comes_after_its_delay_and_a_hanging_one_never()
    {
        _org.Simulator.Faults.Add(new SimulatorFault(SimulatorFaultKind.Slow) { Delay = TimeSpan.FromSeconds(3), Times = 1 });
        var slow = _org.GetAsync("/call");
        await ArmedAsync();
        _clock.Advance(TimeSpan.FromSeconds(2.9));
        slow.IsCompleted.ShouldBeFalse();
        _clock.Advance(TimeSpan.FromSeconds(0.1));
        (await slow).Status.ShouldBe(HttpStatusCode.OK);

        _org.Simulator.Faults.Add(new SimulatorFault(SimulatorFaultKind.Hang));
        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        await Should.ThrowAsync<OperationCanceledException>(() => _org.Http.GetAsync("/call", patience.Token));
    }

    [Fact]
    public async Task Requests_are_noted_with_what_they_said()
    {
        await _org.PostAsync("/call", new { assistantId = "a" });
        await _org.GetAsync("/call?limit=5");

        var requests = _org.Simulator.Requests.All;
        requests.Select(request => (request.Method, request.Target, request.Status, request.IsWrite)).ShouldBe([("POST", "/call", 201, true), ("GET", "/call?limit=5", 200, false)]);
        requests[0].Body.ShouldBe("""{"assistantId":"a"}""");
    }

    [Fact]
    public async Task Everything_can_be_driven_from_outside()
    {
        using var added = await _org.Http.PostAsJsonAsync("/_sim/faults", new { kind = "status", status = 503, times = 1 });
        added.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await _org.GetAsync("/call")).Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await _org.GetAsync("/_sim/requests")).Body!.AsArray().Count.ShouldBe(1);
        (await _org.GetAsync("/_sim/scripts")).Body!.AsArray().Count.ShouldBe(10);
        (await _org.DeleteAsync("/_sim/faults")).Status.ShouldBe(HttpStatusCode.NoContent);
        (await _org.GetAsync("/_sim/faults")).Body!.AsArray().ShouldBeEmpty();
        (await _org.PostAsync("/_sim/reset", new { })).Status.ShouldBe(HttpStatusCode.NoContent);
        _org.Simulator.Requests.All.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_call_can_be_played_from_outside()
    {
        await using var webhook = await WebhookReceiver.StartAsync();
        await using var org = await SimulatedOrg.StartAsync(new VapiSimulatorOptions { Webhook = new(webhook.Url) });

        var (status, played) = await org.PostAsync("/_sim/calls", new { script = "parcel", seed = 3, speed = 0, wait = true, bodyBytes = 20_000 });

        status.ShouldBe(HttpStatusCode.OK);
        played.Text("state").ShouldBe("done");
        played!["taken"]!.GetValue<int>().ShouldBe(webhook.All.Count);
        webhook.All[0].Body.Length.ShouldBeGreaterThan(15_000);
        (await org.GetAsync("/call/" + played.Text("callId"))).Body.Text("status").ShouldBe("ended");
        (await org.PostAsync("/_sim/calls", new { script = "nothing" })).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    private async Task ArmedAsync()
    {
        var watch = Stopwatch.StartNew();
        while (_clock.ArmedTimers == 0 && watch.Elapsed < TimeSpan.FromSeconds(20))
        {
            await Task.Delay(5);
        }
    }
}
