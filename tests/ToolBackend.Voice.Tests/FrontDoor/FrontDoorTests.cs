using Microsoft.Extensions.DependencyInjection;
using ToolBackend.Core.Calls.Routing;
using ToolBackend.Core.Resilience.Health;
using ToolBackend.LocalStack.Processes;
using ToolBackend.LocalStack.Simulators.Http;
using ToolBackend.LocalStack.Simulators.Language;
using ToolBackend.LocalStack.Simulators.Twilio.Phone;
using ToolBackend.LocalStack.Simulators.Vapi.Bypass;
using ToolBackend.Voice.FrontDoor;

namespace ToolBackend.Voice.Tests.FrontDoor;

/// <summary>New calls, with a Vapi that is well and one that fails in each way: every caller talks to an assistant.</summary>
public sealed class FrontDoorTests(FrontDoorFixture voice) : IClassFixture<FrontDoorFixture>
{
    private const string Own = "Harbor Street Clinic, how can I help you?";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task While_Vapi_is_well_it_runs_the_call()
    {
        voice.MakeWell();
        await using var phone = await voice.CallAsync(Cancellation);
        (await phone.ListenAsync(Cancellation)).ShouldBe("Harbor Street Clinic, this is Vapi. How can I help you?");
        await phone.SayAsync("Good morning.", Cancellation);
        (await phone.ListenAsync(Cancellation)).ShouldBe("I heard: Good morning.");
        await phone.HangUpAsync();
        phone.Verbs.ShouldBe(["Connect"]);
        phone.Record.Violations.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(SimulatorFaultKind.Status, 500)]
    [InlineData(SimulatorFaultKind.Html, 502)]
    [InlineData(SimulatorFaultKind.Garbage, 200)]
    [InlineData(SimulatorFaultKind.Hang, 0)]
    [InlineData(SimulatorFaultKind.Refuse, 0)]
    public async Task A_Vapi_that_fails_is_found_out_by_three_calls_and_costs_the_next_ones_nothing(SimulatorFaultKind kind, int status)
    {
        voice.MakeWell();
        voice.Vapi.Faults.Add(new SimulatorFault(kind) { Status = status, Path = "/call", Method = "POST" });
        var calls = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => GreetedAsync()));
        calls.ShouldAllBe(c => c.Greeting == Own);
        TestContext.Current.TestOutputHelper?.WriteLine($"{kind} {status}: rang {calls.Max(c => c.Ringing).TotalMilliseconds:0} ms at most");
        calls.Max(c => c.Ringing).ShouldBeLessThan(TimeSpan.FromSeconds(2.5 + 4), "the wall, and a machine that is busy");
        var asked = voice.Asked;
        voice.Services.GetRequiredService<HealthBoard>().Admits(FrontDesk.Vapi).ShouldBeFalse();
        var known = await GreetedAsync();
        known.Greeting.ShouldBe(Own);
        voice.Asked.ShouldBe(asked, "it is known to be down");
        TestContext.Current.TestOutputHelper?.WriteLine($"{kind} {status}, known: rang {known.Ringing.TotalMilliseconds:0} ms");
    }

    [Fact]
    public async Task Without_a_line_left_at_Vapi_calls_are_ours_and_Vapi_is_not_called_ill()
    {
        voice.MakeWell();
        voice.Vapi.Faults.Add(new SimulatorFault(SimulatorFaultKind.Status) { Status = 429, RetryAfterSeconds = 1, Path = "/call", Method = "POST" });
        for (var i = 0; i < 4; i++)
        {
            (await GreetedAsync()).Greeting.ShouldBe(Own);
        }

        voice.Services.GetRequiredService<HealthBoard>().Standings.Single(s => s.Provider == FrontDesk.Vapi).State.Phase.ShouldBe(HealthPhase.Healthy);
        voice.Vapi.Faults.Clear();
        await Task.Delay(TimeSpan.FromSeconds(1.2), Cancellation);
        (await GreetedAsync()).Greeting.ShouldContain("this is Vapi");
    }

    [Fact]
    public async Task A_call_of_ours_stays_ours_when_Vapi_is_well_again_also_when_its_stream_breaks()
    {
        voice.MakeWell();
        voice.Vapi.Faults.Add(new SimulatorFault(SimulatorFaultKind.Status) { Status = 500, Path = "/call", Method = "POST" });
        await using var phone = await voice.CallAsync(Cancellation);
        (await phone.ListenAsync(Cancellation)).ShouldBe(Own);
        voice.MakeWell();
        var asked = voice.Asked;
        phone.DropStream();
        await phone.HearAsync("cut off for a moment", Cancellation);
        await phone.ListenAsync(Cancellation);
        voice.Asked.ShouldBe(asked);
        voice.RecordOf(phone.CallSid).ShouldBeNull();
        (await GreetedAsync()).Greeting.ShouldContain("this is Vapi");
        await phone.HangUpAsync();
    }

    [Fact]
    public async Task On_a_line_that_points_at_Vapi_a_call_that_its_webhook_fails_is_ours_at_once()
    {
        voice.MakeWell();
        var asked = voice.Asked;
        var options = voice.Phone();
        await using var phone = await TwilioPhone.CallAsync(options with { VoiceUrl = voice.Vapi.Url + "/twilio/inbound_call", FallbackUrl = options.VoiceUrl }, Cancellation);
        (await phone.ListenAsync(Cancellation)).ShouldBe(Own);
        voice.Asked.ShouldBe(asked, "Vapi has failed this call already");
        await phone.HangUpAsync();
    }

    [Fact]
    public async Task A_call_that_another_host_of_ours_has_failed_is_offered_to_Vapi()
    {
        voice.MakeWell();
        var options = voice.Phone();
        await using var phone = await TwilioPhone.CallAsync(options with { VoiceUrl = $"http://127.0.0.1:{FreePort.Next()}/twilio/voice", FallbackUrl = options.VoiceUrl }, Cancellation);
        (await phone.ListenAsync(Cancellation)).ShouldContain("this is Vapi");
        await phone.HangUpAsync();
    }

    [Fact]
    public async Task The_covering_sound_is_a_file_of_the_length_that_is_asked_for()
    {
        using var http = new HttpClient();
        using var sound = await http.GetAsync(voice.Url + "/twilio/cover?ms=550", Cancellation);
        sound.Content.Headers.ContentType!.MediaType.ShouldBe("audio/wav");
        (await sound.Content.ReadAsByteArrayAsync(Cancellation)).Length.ShouldBe(44 + (550 * 8));
        foreach (var length in (string[])["0", "2001", "-1", "long", ""])
        {
            using var refused = await http.GetAsync(voice.Url + "/twilio/cover?ms=" + length, Cancellation);
            refused.StatusCode.ShouldBe(System.Net.HttpStatusCode.BadRequest);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("<Response><Connect>")]
    [InlineData("<Response><Say>Hello</Say></Response>")]
    [InlineData("<Response><Connect><Stream url=\"http://example.com\"/></Connect></Response>")]
    public async Task TwiML_that_Twilio_could_not_carry_out_is_not_handed_on(string twiml)
    {
        voice.MakeWell();
        voice.Twiml = _ => twiml;
        (await GreetedAsync()).Greeting.ShouldBe(Own);
    }

    [Fact]
    public async Task A_media_socket_that_Vapi_refuses_is_a_new_call_of_ours()
    {
        voice.MakeWell();
        voice.Bypass = _ => new BypassPlan { Death = BypassDeath.NeverConnects };
        voice.Language.Script = _ => CompletionAnswer.Say("Of course.");
        await using var phone = await TwilioPhone.CallAsync(voice.Phone(), Cancellation);
        (await phone.ListenAsync(Cancellation)).ShouldBe(Own);
        phone.Verbs.ShouldBe(["Connect", "Redirect", "Play", "Redirect", "Connect"]);
        await phone.HangUpAsync();
    }

    [Fact]
    public async Task A_late_first_request_gets_a_rival_and_the_caller_gets_Vapi()
    {
        voice.MakeWell();
        voice.Vapi.Faults.Add(new SimulatorFault(SimulatorFaultKind.Hang) { Path = "/call", Method = "POST", Times = 1 });
        var asked = voice.Asked;
        (await GreetedAsync()).Greeting.ShouldContain("this is Vapi");
        voice.Asked.ShouldBe(asked + 2);
    }

    [Fact]
    public async Task A_line_s_route_is_changed_while_everything_runs()
    {
        voice.MakeWell();
        var routes = voice.Services.GetRequiredService<CallRouteStore>();
        await routes.SetAsync(new CallRoute(FrontDoorFixture.Line, RouteMode.Own, 0, TimeProvider.System.GetUtcNow(), "test"), Cancellation);
        await voice.Services.GetRequiredService<LiveRoutes>().RefreshAsync(Cancellation);
        var asked = voice.Asked;
        (await GreetedAsync()).Greeting.ShouldBe(Own);
        voice.Asked.ShouldBe(asked);
        await routes.SetAsync(new CallRoute(FrontDoorFixture.Line, RouteMode.Auto, 100, TimeProvider.System.GetUtcNow(), "test"), Cancellation);
        await voice.Services.GetRequiredService<LiveRoutes>().RefreshAsync(Cancellation);
        (await GreetedAsync()).Greeting.ShouldContain("this is Vapi");
    }

    private async Task<(string Greeting, TimeSpan Ringing)> GreetedAsync()
    {
        var began = TimeProvider.System.GetTimestamp();
        await using var phone = await TwilioPhone.CallAsync(voice.Phone(), Cancellation);
        var ringing = TimeProvider.System.GetElapsedTime(began, phone.StreamStarted);
        var greeting = await phone.ListenAsync(Cancellation);
        await phone.HangUpAsync();
        return (greeting, ringing);
    }
}
