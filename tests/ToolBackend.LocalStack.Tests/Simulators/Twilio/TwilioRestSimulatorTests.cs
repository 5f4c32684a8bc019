using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using ToolBackend.LocalStack.Simulators.Http;
using ToolBackend.LocalStack.Simulators.Twilio;
using ToolBackend.LocalStack.Simulators.Vapi;
using ToolBackend.LocalStack.Tests.Simulators.Vapi;
using ToolBackend.Testing;

namespace ToolBackend.LocalStack.Tests.Simulators.Twilio;

public sealed class TwilioRestSimulatorTests : IAsyncLifetime
{
    private readonly ManualClock _clock = new();
    private readonly HttpClient _http = new();
    private TwilioRestSimulator _twilio = null!;

    public async ValueTask InitializeAsync()
    {
        _twilio = await TwilioRestSimulator.StartAsync(new TwilioRestSimulatorOptions { Time = _clock, ApiKey = ("SK1", "key-secret") });
        _http.BaseAddress = new Uri($"{_twilio.Url}/2010-04-01/Accounts/{_twilio.AccountSid}/");
        Authorize(_twilio.AccountSid, _twilio.AuthToken);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _twilio.DisposeAsync();
    }

    private void Authorize(string user, string password) =>
        _http.DefaultRequestHeaders.Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")));

    private async Task<(HttpStatusCode Status, JsonObject Body)> GetAsync(string path)
    {
        using var answer = await _http.GetAsync(path);
        return (answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync())!.AsObject());
    }

    private async Task<(HttpStatusCode Status, JsonObject Body)> PostAsync(string path, params (string Name, string Value)[] form)
    {
        using var content = new FormUrlEncodedContent(form.Select(field => KeyValuePair.Create(field.Name, field.Value)));
        using var answer = await _http.PostAsync(path, content);
        return (answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync())!.AsObject());
    }

    private static void ShouldBeError((HttpStatusCode Status, JsonObject Body) answer, HttpStatusCode status, int code)
    {
        answer.Status.ShouldBe(status);
        answer.Body["code"]!.GetValue<int>().ShouldBe(code);
        answer.Body["status"]!.GetValue<int>().ShouldBe((int)status);
        answer.Body.Text("more_info").ShouldBe($"https://www.twilio.com/docs/errors/{code}");
        answer.Body.Text("message").ShouldNotBeEmpty();
    }

    [Fact]
    public async Task A_wrong_token_is_answered_as_Twilio_does_and_an_api_key_is_as_good_as_the_token()
    {
        Authorize(_twilio.AccountSid, "wrong");
        ShouldBeError(await GetAsync("IncomingPhoneNumbers.json"), HttpStatusCode.Unauthorized, 20003);
        Authorize("SK1", "key-secret");
        (await GetAsync("IncomingPhoneNumbers.json")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Another_account_and_another_route_are_not_found()
    {
        ShouldBeError(await GetAsync("../ACother/IncomingPhoneNumbers.json"), HttpStatusCode.NotFound, 20404);
        ShouldBeError(await GetAsync("Messages.json"), HttpStatusCode.NotFound, 20404);
        ShouldBeError(await GetAsync("Calls/CAnone.json"), HttpStatusCode.NotFound, 20404);
    }

    [Theory]
    [InlineData("%2B12065550100", 1)]
    [InlineData("206555010*", 2)]
    [InlineData("999", 0)]
    public async Task Numbers_are_found_by_a_part_of_them(string wanted, int count) =>
        (await GetAsync("IncomingPhoneNumbers.json?PhoneNumber=" + wanted)).Body["incoming_phone_numbers"]!.AsArray().Count.ShouldBe(count);

    [Fact]
    public async Task Numbers_come_in_pages_that_name_the_next_one()
    {
        for (var i = 0; i < 5; i++)
        {
            _twilio.Account.AddNumber($"+1206555011{i}");
        }

        var seen = new List<string>();
        for (var next = $"/2010-04-01/Accounts/{_twilio.AccountSid}/IncomingPhoneNumbers.json?PageSize=3"; next is not null;)
        {
            var (_, page) = await GetAsync(next);
            seen.AddRange(page["incoming_phone_numbers"]!.AsArray().Select(number => number.Text("phone_number")));
            next = page["next_page_uri"]?.GetValue<string>();
        }

        seen.ShouldBe(_twilio.Account.Numbers.Select(number => number.Number));
    }

    [Fact]
    public async Task Addresses_of_a_number_are_changed_and_the_others_stay()
    {
        var sid = _twilio.Account.Numbers[0].Sid;

        var (status, number) = await PostAsync($"IncomingPhoneNumbers/{sid}.json",
            ("VoiceUrl", "https://voice.example.com/twilio/voice"), ("VoiceMethod", "GET"), ("VoiceFallbackUrl", "https://second.example.com/twilio/voice"), ("StatusCallback", "https://voice.example.com/twilio/status"));

        status.ShouldBe(HttpStatusCode.OK);
        number.Text("voice_url").ShouldBe("https://voice.example.com/twilio/voice");
        number.Text("voice_method").ShouldBe("GET");
        number.Text("voice_fallback_url").ShouldBe("https://second.example.com/twilio/voice");
        number.Text("voice_fallback_method").ShouldBe("POST");
        number.Text("status_callback").ShouldBe("https://voice.example.com/twilio/status");
        (await PostAsync($"IncomingPhoneNumbers/{sid}.json", ("VoiceFallbackUrl", ""))).Body.Text("voice_url").ShouldBe("https://voice.example.com/twilio/voice");
        (await GetAsync($"IncomingPhoneNumbers/{sid}.json")).Body.Text("voice_fallback_url").ShouldBeEmpty();
    }

    [Fact]
    public async Task An_address_that_is_none_is_refused()
    {
        var sid = _twilio.Account.Numbers[0].Sid;

        ShouldBeError(await PostAsync($"IncomingPhoneNumbers/{sid}.json", ("VoiceUrl", "voice.example.com")), HttpStatusCode.BadRequest, 21502);
        _twilio.Account.Numbers[0].VoiceUrl.ShouldBeNull();
    }

    [Fact]
    public async Task A_created_call_is_queued_with_numbers_as_text()
    {
        var (status, call) = await PostAsync("Calls.json", ("To", "+12065550142"), ("From", "+12065550100"), ("Twiml", "<Response/>"));

        status.ShouldBe(HttpStatusCode.Created);
        call.Text("status").ShouldBe("queued");
        call.Text("direction").ShouldBe("outbound-api");
        call.Text("queue_time").ShouldBe("0");
        call["duration"].ShouldBeNull();
        call.Text("date_created").ShouldBe("Tue, 01 Dec 2026 12:00:00 +0000");
        call.Text("from_formatted").ShouldBe("(206) 555-0100");
        (await GetAsync($"Calls/{call.Text("sid")}.json")).Body.Text("sid").ShouldBe(call.Text("sid"));
    }

    [Fact]
    public async Task What_a_call_lacks_is_told()
    {
        ShouldBeError(await PostAsync("Calls.json", ("From", "+12065550100"), ("Twiml", "<Response/>")), HttpStatusCode.BadRequest, 21201);
        ShouldBeError(await PostAsync("Calls.json", ("To", "+12065550142"), ("Twiml", "<Response/>")), HttpStatusCode.BadRequest, 21213);
        ShouldBeError(await PostAsync("Calls.json", ("To", "+12065550142"), ("From", "+12065559999"), ("Twiml", "<Response/>")), HttpStatusCode.BadRequest, 21210);
        ShouldBeError(await PostAsync("Calls.json", ("To", "+12065550142"), ("From", "+12065550100")), HttpStatusCode.BadRequest, 21205);
    }

    [Fact]
    public async Task A_live_call_is_redirected_and_ended_and_then_it_is_over()
    {
        var call = _twilio.Account.AddLiveCall("+12065550142", "+12065550100");

        (await PostAsync($"Calls/{call.Sid}.json", ("Twiml", "<Response><Hangup/></Response>"))).Status.ShouldBe(HttpStatusCode.OK);
        (await PostAsync($"Calls/{call.Sid}.json", ("Twiml", "<Response/>"), ("Url", "https://voice.example.com/next"))).Status.ShouldBe(HttpStatusCode.OK);
        _clock.Advance(TimeSpan.FromSeconds(15));
        var (_, ended) = await PostAsync($"Calls/{call.Sid}.json", ("Status", "completed"));

        call.Redirects.Select(redirect => redirect.Url ?? redirect.Twiml).ShouldBe(["<Response><Hangup/></Response>", "https://voice.example.com/next"]);
        ended.Text("status").ShouldBe("completed");
        ended.Text("duration").ShouldBe("15");
        ShouldBeError(await PostAsync($"Calls/{call.Sid}.json", ("Twiml", "<Response/>")), HttpStatusCode.BadRequest, 21220);
    }

    [Fact]
    public async Task Too_many_requests_look_as_they_do_at_Twilio()
    {
        _twilio.Faults.Add(new SimulatorFault(SimulatorFaultKind.Status) { Status = 429, Times = 1 });

        ShouldBeError(await GetAsync("IncomingPhoneNumbers.json"), HttpStatusCode.TooManyRequests, 20429);
        (await GetAsync("IncomingPhoneNumbers.json")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Vapi_takes_a_number_over_when_it_is_imported_and_leaves_its_fallback_alone()
    {
        var number = _twilio.Account.Numbers[0];
        number.VoiceUrl = "https://voice.example.com/twilio/voice";
        number.VoiceFallbackUrl = "https://second.example.com/twilio/voice";
        await using var vapi = await SimulatedOrg.StartAsync(new VapiSimulatorOptions { OnTwilioNumberSaved = _twilio.Account.TakeOverByVapi });

        await vapi.MadeAsync("/phone-number", new { provider = "twilio", number = number.Number, twilioAccountSid = _twilio.AccountSid, twilioAuthToken = _twilio.AuthToken });

        number.VoiceUrl.ShouldBe("https://api.vapi.ai/twilio/inbound_call");
        number.StatusCallback.ShouldBe("https://api.vapi.ai/twilio/status");
        number.VoiceFallbackUrl.ShouldBe("https://second.example.com/twilio/voice");
    }
}
