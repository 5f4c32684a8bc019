using System.Net;
using System.Text;
using ToolBackend.LocalStack.Simulators.Http;
using ToolBackend.LocalStack.Simulators.Twilio;
using ToolBackend.Testing;
using ToolBackend.Vapi.Tests.Rest;
using ToolBackend.Vapi.Twilio;

namespace ToolBackend.Vapi.Tests.Twilio;

public sealed class TwilioClientTests : IAsyncLifetime
{
    private const string KeySecret = "api-key-secret-0001";
    private const string FrontDesk = "+12065550100";

    private readonly ManualClock _clock = new();
    private TwilioRestSimulator _twilio = null!;

    public async ValueTask InitializeAsync() =>
        _twilio = await TwilioRestSimulator.StartAsync(new TwilioRestSimulatorOptions { ApiKey = ("SK00000000000000000000000000000001", KeySecret) });

    public ValueTask DisposeAsync() => _twilio.DisposeAsync();

    private TwilioClient Client(Action<TwilioClientOptions>? change = null, TimeProvider? time = null, HttpMessageHandler? handler = null)
    {
        var options = new TwilioClientOptions
        {
            BaseUrl = _twilio.Url,
            AccountSid = _twilio.AccountSid,
            AuthToken = _twilio.AuthToken,
            RetryDelay = TimeSpan.FromMilliseconds(5),
            AttemptTimeout = TimeSpan.FromSeconds(60),
        };
        change?.Invoke(options);
        return new TwilioClient(options, time ?? TimeProvider.System, logger: null, handler);
    }

    private void Fault(SimulatorFaultKind kind, int status = 503, int? times = 1, int? retryAfter = null, string? method = null) =>
        _twilio.Faults.Add(new SimulatorFault(kind) { Status = status, Times = times, RetryAfterSeconds = retryAfter, Method = method });

    private static async Task<TwilioApiException> FailureAsync(TwilioClient twilio) => await Should.ThrowAsync<TwilioApiException>(() => twilio.ListNumbersAsync());

    private string FrontDeskSid => _twilio.Account.Numbers.Single(number => number.Number == FrontDesk).Sid;

    [Fact]
    public async Task A_number_is_listed_with_all_its_addresses_and_those_that_are_not_set_are_empty()
    {
        _twilio.Account.TakeOverByVapi(FrontDesk);
        using var twilio = Client();

        var numbers = await twilio.ListNumbersAsync();

        numbers.Select(number => number.Number).ShouldBe([FrontDesk, "+12065550101"]);
        numbers[0].ShouldBe(new ToolBackend.Vapi.Twilio.TwilioNumber(FrontDeskSid, FrontDesk) { VoiceUrl = "https://api.vapi.ai/twilio/inbound_call", StatusCallback = "https://api.vapi.ai/twilio/status" });
        numbers[1].VoiceUrl.ShouldBeEmpty();
        numbers[0].ToString().ShouldNotContain(FrontDesk);
    }

    [Fact]
    public async Task A_list_is_read_to_its_last_page()
    {
        for (var i = 0; i < 2350; i++)
        {
            _twilio.Account.AddNumber($"+1206{5_600_000 + i}");
        }
        using var twilio = Client();

        var numbers = await twilio.ListNumbersAsync();

        numbers.Select(number => number.Number).ShouldBe(_twilio.Account.Numbers.Select(number => number.Number));
        _twilio.Requests.All.Count.ShouldBe(3);
    }

    [Fact]
    public async Task Only_what_is_named_is_changed_and_an_empty_address_clears()
    {
        using var twilio = Client();
        await twilio.UpdateNumberAsync(FrontDeskSid, new TwilioNumberUpdate
        {
            VoiceUrl = "https://voice.example.com/twilio/voice?a=1&b=2",
            VoiceMethod = "GET",
            VoiceFallbackUrl = "https://standby.example.com/twilio/voice",
            StatusCallback = "https://voice.example.com/twilio/status",
        });

        var changed = await twilio.UpdateNumberAsync(FrontDeskSid, new TwilioNumberUpdate { VoiceFallbackUrl = "", StatusCallback = "" });

        changed.ShouldBe(new ToolBackend.Vapi.Twilio.TwilioNumber(FrontDeskSid, FrontDesk) { VoiceUrl = "https://voice.example.com/twilio/voice?a=1&b=2", VoiceMethod = "GET" });
        (await twilio.ListNumbersAsync())[0].ShouldBe(changed);
        _twilio.Requests.All[1].Body.ShouldBe("VoiceFallbackUrl=&StatusCallback=");
    }

    [Fact]
    public async Task An_api_key_is_as_good_as_the_token()
    {
        using var twilio = Client(options => (options.AuthToken, options.ApiKeySid, options.ApiKeySecret) = (null, "SK00000000000000000000000000000001", KeySecret));

        (await twilio.ListNumbersAsync()).Count.ShouldBe(2);
    }

    [Theory]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(503)]
    public async Task What_may_pass_is_tried_again(int status)
    {
        Fault(SimulatorFaultKind.Status, status, times: 2);
        using var twilio = Client();

        (await twilio.ListNumbersAsync()).Count.ShouldBe(2);

        _twilio.Requests.All.Select(request => request.Status).ShouldBe([status, status, 200]);
    }

    [Fact]
    public async Task An_update_whose_answer_was_lost_is_sent_again()
    {
        Fault(SimulatorFaultKind.CutAfterWork, method: "POST");
        using var twilio = Client();

        var changed = await twilio.UpdateNumberAsync(FrontDeskSid, new TwilioNumberUpdate { VoiceUrl = "https://voice.example.com/" });

        changed.VoiceUrl.ShouldBe("https://voice.example.com/");
        _twilio.Requests.All.Count(request => request.IsWrite).ShouldBe(2);
    }

    [Theory]
    [InlineData(400, TwilioFailure.Rejected, 20400)]
    [InlineData(401, TwilioFailure.Auth, 20003)]
    [InlineData(403, TwilioFailure.Auth, 20403)]
    [InlineData(404, TwilioFailure.NotFound, 20404)]
    public async Task What_does_not_pass_is_thrown_at_once_with_Twilios_code(int status, TwilioFailure expected, int code)
    {
        Fault(SimulatorFaultKind.Status, status, times: null);
        using var twilio = Client();

        var failure = await FailureAsync(twilio);

        failure.Failure.ShouldBe(expected);
        failure.Status.ShouldBe(status);
        failure.Code.ShouldBe(code);
        failure.Attempts.ShouldBe(1);
        _twilio.Requests.All.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_refused_address_is_told_in_Twilios_words()
    {
        using var twilio = Client();

        var failure = await Should.ThrowAsync<TwilioApiException>(() => twilio.UpdateNumberAsync(FrontDeskSid, new TwilioNumberUpdate { VoiceUrl = "nowhere" }));

        failure.Failure.ShouldBe(TwilioFailure.Rejected);
        failure.Code.ShouldBe(21502);
        failure.Message.ShouldEndWith($"/IncomingPhoneNumbers/{FrontDeskSid}.json: 400, error 21502: VoiceUrl is not valid: nowhere");
    }

    [Fact]
    public async Task A_wrong_token_is_told_without_the_token()
    {
        using var twilio = Client(options => options.AuthToken = "wrong-token-0000000001");

        var failure = await FailureAsync(twilio);

        failure.Failure.ShouldBe(TwilioFailure.Auth);
        failure.ToString().ShouldNotContain("wrong-token-0000000001");
    }

    [Fact]
    public async Task A_token_that_an_answer_quotes_is_not_passed_on()
    {
        const string token = "0123456789abcdef0123456789abcdef";
        var basic = Convert.ToBase64String(Encoding.ASCII.GetBytes($"{_twilio.AccountSid}:{token}"));
        using var twilio = Client(options => options.AuthToken = token, handler: new CannedAnswer(HttpStatusCode.BadRequest, $$"""{"code":1,"message":"{{token}} and {{basic}}"}"""));

        var failure = await FailureAsync(twilio);

        failure.ToString().ShouldNotContain(token);
        failure.ToString().ShouldNotContain(basic);
        failure.Message.ShouldEndWith("*** and ***");
    }

    [Theory]
    [InlineData("{\"incoming_phone_numbers\": \"tru")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"incoming_phone_numbers":[{"sid":"PN1"}]}""")]
    [InlineData("""{"incoming_phone_numbers":[],"next_page_uri":"https://elsewhere.example.com/2010-04-01"}""")]
    [InlineData("""{"incoming_phone_numbers":[],"next_page_uri":"/2010-04-01/Accounts/AC00000000000000000000000000000002/IncomingPhoneNumbers.json?Page=1"}""")]
    public async Task A_success_that_cannot_be_read_is_no_list(string body)
    {
        var handler = new CannedAnswer(HttpStatusCode.OK, body);
        using var twilio = Client(handler: handler);

        (await FailureAsync(twilio)).Failure.ShouldBe(TwilioFailure.Unreadable);
        handler.Requests.ShouldBe(1);
    }

    [Fact]
    public async Task A_list_whose_pages_go_round_in_a_circle_ends()
    {
        using var twilio = Client(handler: new CannedAnswer(
            HttpStatusCode.OK, $$"""{"incoming_phone_numbers":[],"next_page_uri":"/2010-04-01/Accounts/{{_twilio.AccountSid}}/IncomingPhoneNumbers.json?Page=1"}"""));

        (await FailureAsync(twilio)).Message.ShouldContain("more than 1000 pages");
    }

    [Theory]
    [InlineData(403)]
    [InlineData(404)]
    public async Task A_gateways_page_says_nothing_of_the_token_and_nothing_of_the_number(int status)
    {
        Fault(SimulatorFaultKind.Html, status);
        using var twilio = Client();

        (await FailureAsync(twilio)).Failure.ShouldBe(TwilioFailure.Unavailable);
    }

    [Fact]
    public async Task No_answer_is_tried_again_and_a_server_that_is_gone_is_unavailable()
    {
        Fault(SimulatorFaultKind.Refuse, times: 2);
        using var twilio = Client();
        (await twilio.ListNumbersAsync()).Count.ShouldBe(2);

        using var nobody = Client(options => (options.BaseUrl, options.MaxAttempts) = ("http://127.0.0.1:9", 2));
        var failure = await FailureAsync(nobody);

        failure.Failure.ShouldBe(TwilioFailure.Unavailable);
        failure.Status.ShouldBeNull();
        failure.Attempts.ShouldBe(2);
    }

    [Fact]
    public async Task Retry_After_is_waited_for_to_the_second()
    {
        Fault(SimulatorFaultKind.Status, 429, retryAfter: 7);
        using var twilio = Client(time: _clock);
        var listing = twilio.ListNumbersAsync();
        // The wait, which is shorter than the deadline of an attempt: that is armed until the answer is there.
        await Eventually.IsTrueAsync(() => Task.FromResult(_twilio.Requests.All.Count == 1 && _clock.NextDueIn < TimeSpan.FromSeconds(8)), TimeSpan.FromSeconds(60), "it does not wait");

        _clock.Advance(TimeSpan.FromSeconds(6.99));
        _twilio.Requests.All.Count.ShouldBe(1);
        _clock.Advance(TimeSpan.FromSeconds(0.02));

        (await listing).Count.ShouldBe(2);
        _twilio.Requests.All.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_Retry_After_beyond_our_patience_ends_the_request_and_is_told()
    {
        Fault(SimulatorFaultKind.Status, 429, retryAfter: 31);
        using var twilio = Client();

        var failure = await FailureAsync(twilio);

        failure.Failure.ShouldBe(TwilioFailure.RateLimited);
        failure.RetryAfter.ShouldBe(TimeSpan.FromSeconds(31));
        _twilio.Requests.All.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_request_without_an_answer_ends_at_its_deadlines()
    {
        Fault(SimulatorFaultKind.Hang, times: null);
        using var twilio = Client(options => (options.AttemptTimeout, options.TotalTimeout) = (TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(25)), _clock);
        var listing = twilio.ListNumbersAsync();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!listing.IsCompleted)
        {
            _clock.Advance(TimeSpan.FromSeconds(0.5));
            await Task.Delay(5, patience.Token);
        }

        var failure = await Should.ThrowAsync<TwilioApiException>(() => listing);

        failure.Failure.ShouldBe(TwilioFailure.Unavailable);
        failure.Message.ShouldContain("not done within 25 s");
        failure.Message.ShouldContain("no answer within 10 s");
    }

    [Fact]
    public async Task Cancelling_is_cancelling_and_no_failure()
    {
        Fault(SimulatorFaultKind.Hang, times: null);
        using var twilio = Client();
        using var cancel = new CancellationTokenSource();
        var listing = twilio.ListNumbersAsync(cancel.Token);

        await cancel.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => listing);
    }

    [Fact]
    public async Task An_update_of_nothing_or_of_no_number_is_a_mistake_of_the_caller()
    {
        using var twilio = Client();

        await Should.ThrowAsync<ArgumentException>(() => twilio.UpdateNumberAsync(FrontDeskSid, new TwilioNumberUpdate()));
        await Should.ThrowAsync<ArgumentException>(() => twilio.UpdateNumberAsync("../Calls", new TwilioNumberUpdate { VoiceUrl = "" }));
        _twilio.Requests.All.ShouldBeEmpty();
    }
}
