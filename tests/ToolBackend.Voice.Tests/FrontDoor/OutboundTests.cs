using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using ToolBackend.Core.Calls.Orders;
using ToolBackend.Core.Calls.State;
using ToolBackend.Core.Data.Seeding;
using ToolBackend.Core.Resilience.Health;
using ToolBackend.LocalStack.Simulators.Http;
using ToolBackend.LocalStack.Simulators.Twilio;
using ToolBackend.LocalStack.Simulators.Twilio.Phone;
using ToolBackend.Testing;
using ToolBackend.Voice.FrontDoor;
using ToolBackend.Voice.Tests.CallLog;

namespace ToolBackend.Voice.Tests.FrontDoor;

/// <summary>Calls that we place: through Vapi while it is well, else through the own pipeline, and nobody is called twice.</summary>
public sealed class OutboundTests(OutboundFixture voice) : IClassFixture<OutboundFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private CallOrderStore Orders => voice.Services.GetRequiredService<CallOrderStore>();

    private IEnumerable<TwilioCall> PlacedByUs => voice.Twilio.Account.Calls.Where(c => c.Direction == "outbound-api");

    [Fact]
    public async Task While_Vapi_is_well_it_places_the_call()
    {
        Begin();
        var order = await PlaceAsync();
        (order.State, order.Side).ShouldBe((OrderState.Done, "vapi"));
        var call = JsonNode.Parse(voice.Vapi.Requests.All.Single(r => r is { Method: "POST", Target: "/call" }).Body!)!.AsObject();
        call["customer"]!["number"]!.GetValue<string>().ShouldBe(DemoSeed.CallerPhone);
        call["phoneNumberId"]!.GetValue<string>().ShouldBe("5d7c0b52-0000-4000-8000-0000000000b1");
        call.ContainsKey("phoneCallProviderBypassEnabled").ShouldBeFalse();
        PlacedByUs.ShouldBeEmpty();
    }

    [Fact]
    public async Task While_Vapi_is_down_the_own_pipeline_talks_and_knows_whom_it_called()
    {
        Begin();
        voice.Vapi.Faults.Add(new SimulatorFault(SimulatorFaultKind.Status) { Status = 500, Path = "/call", Method = "POST" });
        var order = await PlaceAsync();
        (order.State, order.Side).ShouldBe((OrderState.Done, "pipeline"));
        var call = PlacedByUs.ShouldHaveSingleItem();
        call.Sid.ShouldBe(order.CallRef);
        (call.From, call.To).ShouldBe((FrontDoorFixture.Line, DemoSeed.CallerPhone));
        await using var phone = await TwilioPhone.AnswerAsync(voice.Twilio.Account, call, Cancellation);
        (await phone.ListenAsync(Cancellation)).ShouldBe("Harbor Street Clinic, how can I help you?");
        await phone.HangUpAsync();
        var stored = await StoredCalls.ReportedAsync(voice.ConnectionString, call.Sid);
        (stored.Type, stored.EndedReason).ShouldBe(("outboundPhoneCall", "customer-ended-call"));
    }

    [Fact]
    public async Task A_call_that_Vapi_placed_and_whose_answer_was_lost_is_found_and_not_placed_again()
    {
        Begin();
        voice.Vapi.Faults.Add(new SimulatorFault(SimulatorFaultKind.CutAfterWork) { Path = "/call", Method = "POST", Times = 1 });
        var order = await PlaceAsync();
        (order.State, order.Side).ShouldBe((OrderState.Done, "vapi"));
        voice.Asked.ShouldBe(1);
        PlacedByUs.ShouldBeEmpty();
    }

    [Fact]
    public async Task Where_nobody_can_tell_whether_Vapi_placed_it_nobody_is_called_again()
    {
        Begin();
        voice.Vapi.Faults.Add(new SimulatorFault(SimulatorFaultKind.CutAfterWork) { Path = "/call" });
        var order = await PlaceAsync();
        (order.State, order.Reason).ShouldBe((OrderState.Unknown, OrderReasons.VapiSilent));
        voice.Asked.ShouldBe(1);
        PlacedByUs.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(SimulatorFaultKind.Status, 400, OrderState.Failed, OrderReasons.Refused)]
    [InlineData(SimulatorFaultKind.Status, 429, OrderState.Failed, OrderReasons.CarrierAway)]
    [InlineData(SimulatorFaultKind.Status, 503, OrderState.Unknown, OrderReasons.CarrierSilent)]
    [InlineData(SimulatorFaultKind.CutAfterWork, 0, OrderState.Unknown, OrderReasons.CarrierSilent)]
    public async Task What_Twilio_does_not_do_is_said_and_never_tried_twice(SimulatorFaultKind kind, int status, OrderState state, string reason)
    {
        Begin();
        voice.Vapi.Faults.Add(new SimulatorFault(SimulatorFaultKind.Status) { Status = 500, Path = "/call", Method = "POST" });
        voice.Twilio.Faults.Add(new SimulatorFault(kind) { Status = status });
        try
        {
            var order = await PlaceAsync();
            (order.State, order.Reason).ShouldBe((state, reason));
            voice.Twilio.Requests.All.Count(r => r.Target.EndsWith("/Calls.json", StringComparison.Ordinal)).ShouldBe(1);
        }
        finally
        {
            voice.Twilio.Faults.Clear();
        }
    }

    [Theory]
    [InlineData("nobody-of-that-name", null, OrderReasons.NoAssistant)]
    [InlineData("receptionist", "+12065550199", OrderReasons.Refused)]
    public async Task What_cannot_be_called_is_said(string assistant, string? from, string reason)
    {
        Begin();
        var order = await PlaceAsync(assistant, from);
        (order.State, order.Reason).ShouldBe((OrderState.Failed, reason));
    }

    [Fact]
    public async Task A_machine_gets_the_message_and_a_person_who_does_not_answer_is_in_the_call_log()
    {
        Begin();
        voice.Vapi.Faults.Add(new SimulatorFault(SimulatorFaultKind.Status) { Status = 500, Path = "/call", Method = "POST" });
        var first = await PlaceAsync();
        var call = PlacedByUs.Single(c => c.Sid == first.CallRef);
        call.Created["MachineDetection"].ShouldBe("DetectMessageEnd");
        await using (var machine = await TwilioPhone.AnswerAsync(voice.Twilio.Account, call, Cancellation, "machine_end_beep"))
        {
            await machine.Over.WaitAsync(TimeSpan.FromSeconds(20), Cancellation);
            machine.HeardText.ShouldContain("Harbor Street Clinic");
        }

        var second = await PlaceAsync();
        await TwilioPhone.LetRingAsync(voice.Twilio.Account, PlacedByUs.Single(c => c.Sid == second.CallRef), "no-answer", Cancellation);
        CallState? stored = null;
        await Eventually.IsTrueAsync(async () => (stored = await StoredCalls.FindAsync(voice.ConnectionString, second.CallRef!)) is { IsEnded: true }, TimeSpan.FromSeconds(10), "the call is not in the log");
        (stored!.EndedReason, stored.EndedClass, stored.Type).ShouldBe(("customer-did-not-answer", "customer", "outboundPhoneCall"));
    }

    private void Begin()
    {
        voice.MakeWell();
        voice.Vapi.Requests.Clear();
        voice.Twilio.Reset();
        voice.Services.GetRequiredService<HealthBoard>().Admits(FrontDesk.Vapi).ShouldBeTrue();
    }

    private async Task<CallOrder> PlaceAsync(string assistant = "receptionist", string? from = null)
    {
        var key = "place " + Guid.NewGuid();
        var (receipt, _) = await Orders.GiveAsync(NewOrder.Of(key, OrderKind.Place, null, new PlaceRequest(assistant, DemoSeed.CallerPhone, from), "test"), Cancellation);
        receipt.ShouldBe(OrderReceipt.Given);
        CallOrder? order = null;
        await Eventually.IsTrueAsync(async () => (order = await Orders.FindAsync(key, Cancellation)) is { IsSettled: true }, TimeSpan.FromSeconds(40), "nobody placed it");
        return order!;
    }
}

/// <summary>With one line that belongs to the receptionist.</summary>
public sealed class OutboundFixture(PostgresCluster cluster, RedisServer redis) : FrontDoorFixture(cluster, redis)
{
    protected override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>(base.Settings, StringComparer.Ordinal) { [$"Voice:Lines:{Line}"] = "receptionist" };
}
