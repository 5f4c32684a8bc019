using System.Net;
using System.Text.Json.Nodes;
using ToolBackend.LocalStack.Simulators.Http;
using ToolBackend.Testing;
using ToolBackend.Vapi.Rest;

namespace ToolBackend.Vapi.Tests.Rest;

public sealed class VapiClientFailureTests : IAsyncLifetime
{
    private readonly ManualClock _clock = new();
    private VapiOrg _org = null!;

    public async ValueTask InitializeAsync() => _org = await VapiOrg.StartAsync();

    public ValueTask DisposeAsync() => _org.DisposeAsync();

    private void Fault(SimulatorFaultKind kind, int status = 503, int? times = 1, int? retryAfter = null) =>
        _org.Simulator.Faults.Add(new SimulatorFault(kind) { Status = status, Times = times, RetryAfterSeconds = retryAfter });

    private async Task<VapiApiException> FailureAsync(VapiClient vapi) => await Should.ThrowAsync<VapiApiException>(() => vapi.ListAsync("assistant"));

    [Theory]
    [InlineData(429)]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(504)]
    public async Task What_may_pass_is_tried_again(int status)
    {
        Fault(SimulatorFaultKind.Status, status, times: 2);
        using var vapi = _org.Client();

        (await vapi.ListAsync("assistant")).ShouldBeEmpty();

        _org.Simulator.Requests.All.Select(request => request.Status).ShouldBe([status, status, 200]);
    }

    [Theory]
    [InlineData(400, VapiFailure.Rejected)]
    [InlineData(401, VapiFailure.Auth)]
    [InlineData(402, VapiFailure.Rejected)]
    [InlineData(403, VapiFailure.Auth)]
    [InlineData(404, VapiFailure.NotFound)]
    [InlineData(409, VapiFailure.Conflict)]
    [InlineData(500, VapiFailure.Unavailable)]
    public async Task What_does_not_pass_is_thrown_at_once(int status, VapiFailure expected)
    {
        Fault(SimulatorFaultKind.Status, status, times: null);
        using var vapi = _org.Client();

        var failure = await FailureAsync(vapi);

        failure.Failure.ShouldBe(expected);
        failure.Status.ShouldBe(status);
        failure.Attempts.ShouldBe(1);
        _org.Simulator.Requests.All.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Attempts_end_and_the_last_failure_is_told()
    {
        Fault(SimulatorFaultKind.Html, 502, times: null);
        using var vapi = _org.Client(options => options.MaxAttempts = 3);

        var failure = await FailureAsync(vapi);

        failure.Failure.ShouldBe(VapiFailure.Unavailable);
        failure.Attempts.ShouldBe(3);
        failure.Messages.ShouldBe(["Bad gateway"]);
        failure.Message.ShouldBe("GET /assistant: 502, a web page: Bad gateway");
        failure.OutcomeIsUnknown.ShouldBeFalse();
    }

    [Theory]
    [InlineData(403)]
    [InlineData(404)]
    public async Task A_gateways_page_says_nothing_of_the_key_and_nothing_of_the_object(int status)
    {
        Fault(SimulatorFaultKind.Html, status);
        using var vapi = _org.Client();

        (await Should.ThrowAsync<VapiApiException>(() => vapi.GetAsync("assistant/x"))).Failure.ShouldBe(VapiFailure.Unavailable);
    }

    [Fact]
    public async Task A_key_that_is_not_known_is_told_in_Vapis_words_and_without_the_key()
    {
        using var vapi = VapiOrg.Make(_org.Simulator.Url, "wrong-key-0000000001");

        var failure = await FailureAsync(vapi);

        failure.Failure.ShouldBe(VapiFailure.Auth);
        failure.Messages.ShouldHaveSingleItem().ShouldStartWith("Invalid Key.");
        failure.ToString().ShouldNotContain("wrong-key-0000000001");
    }

    [Fact]
    public async Task No_answer_is_tried_again_and_a_server_that_is_gone_is_unavailable()
    {
        Fault(SimulatorFaultKind.Refuse, times: 2);
        using var vapi = _org.Client();
        (await vapi.ListAsync("assistant")).ShouldBeEmpty();

        using var nobody = VapiOrg.Make("http://127.0.0.1:9", "private-key", options => options.MaxAttempts = 2);
        var failure = await FailureAsync(nobody);

        failure.Failure.ShouldBe(VapiFailure.Unavailable);
        failure.Status.ShouldBeNull();
        failure.Attempts.ShouldBe(2);
    }

    [Theory]
    [InlineData("{\"id\": \"tru")]
    [InlineData("{\"a\":1,\"a\":2}")]
    [InlineData("<html></html>")]
    public async Task A_success_that_cannot_be_read_is_told_without_quoting_it(string body)
    {
        var handler = new CannedAnswer(HttpStatusCode.OK, body);
        using var vapi = _org.Client(handler: handler);

        var failure = await FailureAsync(vapi);

        failure.Failure.ShouldBe(VapiFailure.Unreadable);
        failure.Message.ShouldNotContain("tru");
        handler.Requests.ShouldBe(1);
    }

    [Fact]
    public async Task An_answer_beyond_the_limit_is_not_read()
    {
        using var vapi = _org.Client(options => options.MaxAnswerBytes = 1000, handler: new CannedAnswer(HttpStatusCode.OK, "[" + new string(' ', 2000) + "]"));

        (await FailureAsync(vapi)).Failure.ShouldBe(VapiFailure.Unreadable);
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        using var vapi = _org.Client(handler: new CannedAnswer(HttpStatusCode.Found, ""));

        (await FailureAsync(vapi)).Failure.ShouldBe(VapiFailure.Unreadable);
    }

    [Fact]
    public async Task Secrets_that_an_answer_quotes_are_not_passed_on()
    {
        const string key = "private-key-of-the-organisation";
        var body = new JsonObject
        {
            ["provider"] = "twilio",
            ["twilioAuthToken"] = "0123456789abcdef-token",
            ["server"] = new JsonObject { ["secret"] = "server-secret-0001", ["headers"] = new JsonObject { ["X-Own"] = "header-secret-0001" } },
            ["name"] = "Main line",
        };
        using var vapi = VapiOrg.Make(_org.Simulator.Url, key, handler: new CannedAnswer(
            HttpStatusCode.BadRequest,
            """{"message":["0123456789abcdef-token is wrong","so is server-secret-0001 and header-secret-0001","private-key-of-the-organisation cannot, Main line can"],"error":"0123456789abcdef-token"}"""));

        var failure = await Should.ThrowAsync<VapiApiException>(() => vapi.CreateAsync("phone-number", body));

        failure.Messages.ShouldBe(["*** is wrong", "so is *** and ***", "*** cannot, Main line can"]);
        failure.Error.ShouldBe("***");
        failure.ToString().ShouldNotContain("0123456789abcdef-token");
        failure.ToString().ShouldNotContain(key);
    }

    [Fact]
    public async Task Retry_After_is_waited_for_to_the_second()
    {
        Fault(SimulatorFaultKind.Status, 429, retryAfter: 7);
        using var vapi = _org.Client(time: _clock);
        var listing = vapi.ListAsync("assistant");
        // Armed: the deadline of the whole request and the wait.
        await Until(() => _org.Simulator.Requests.All.Count == 1 && _clock.ArmedTimers == 2);

        _clock.Advance(TimeSpan.FromSeconds(6.99));
        _org.Simulator.Requests.All.Count.ShouldBe(1);
        _clock.Advance(TimeSpan.FromSeconds(0.02));

        (await listing).ShouldBeEmpty();
        _org.Simulator.Requests.All.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_Retry_After_beyond_our_patience_ends_the_request_and_is_told()
    {
        Fault(SimulatorFaultKind.Status, 429, retryAfter: 31);
        using var vapi = _org.Client();

        var failure = await FailureAsync(vapi);

        failure.Failure.ShouldBe(VapiFailure.RateLimited);
        failure.RetryAfter.ShouldBe(TimeSpan.FromSeconds(31));
        _org.Simulator.Requests.All.Count.ShouldBe(1);
    }

    [Fact]
    public async Task An_attempt_without_an_answer_ends_at_its_deadline_and_the_next_one_may_succeed()
    {
        Fault(SimulatorFaultKind.Hang);
        using var vapi = _org.Client(options => options.AttemptTimeout = TimeSpan.FromSeconds(10), _clock);
        var listing = vapi.ListAsync("assistant");
        await Until(() => _clock.ArmedTimers == 2);

        _clock.Advance(TimeSpan.FromSeconds(9.9));
        listing.IsCompleted.ShouldBeFalse();
        await AdvanceUntilAsync(listing);

        (await listing).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_request_ends_at_its_own_deadline_and_tells_the_last_failure()
    {
        Fault(SimulatorFaultKind.Status, 503, times: null, retryAfter: 20);
        using var vapi = _org.Client(options => options.TotalTimeout = TimeSpan.FromSeconds(60), _clock);
        var listing = vapi.ListAsync("assistant");

        await AdvanceUntilAsync(listing);
        var failure = await Should.ThrowAsync<VapiApiException>(() => listing);

        failure.Failure.ShouldBe(VapiFailure.Unavailable);
        failure.Status.ShouldBe(503);
        failure.Message.ShouldContain("not done within 60 s");
        failure.Attempts.ShouldBeInRange(2, 3);
    }

    [Fact]
    public async Task Cancelling_is_cancelling_and_no_failure()
    {
        Fault(SimulatorFaultKind.Hang, times: null);
        using var vapi = _org.Client();
        using var cancel = new CancellationTokenSource();
        var listing = vapi.ListAsync("assistant", cancellation: cancel.Token);

        await cancel.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => listing);
    }

    private static async Task Until(Func<bool> holds)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!holds())
        {
            await Task.Delay(5, deadline.Token);
        }
    }

    // The client waits for its clock and for real sockets in turn.
    private async Task AdvanceUntilAsync(Task done)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!done.IsCompleted)
        {
            _clock.Advance(TimeSpan.FromSeconds(0.5));
            await Task.Delay(5, deadline.Token);
        }
    }
}
