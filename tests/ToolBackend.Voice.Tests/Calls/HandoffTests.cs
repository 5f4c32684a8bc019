using ToolBackend.Core.Calls.State;
using ToolBackend.LocalStack.Simulators.Http;
using ToolBackend.LocalStack.Simulators.Language;
using ToolBackend.LocalStack.Simulators.Twilio.Phone;
using ToolBackend.Testing;
using ToolBackend.Voice.Tests.CallLog;

namespace ToolBackend.Voice.Tests.Calls;

public sealed class SquadLineFixture(PostgresCluster cluster, RedisServer redis) : VoiceFixture(cluster, redis)
{
    /// <summary>The definitions' front office takes it: the receptionist first, who can hand over to the dispatcher.</summary>
    public const string Line = "+12065550188";

    protected override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>(StringComparer.Ordinal) { ["Voice:Lines:" + Line] = "front-office" };
}

/// <summary>A squad on our own pipeline: callers are handed from member to member, and each knows what was said before.</summary>
public sealed class HandoffTests(SquadLineFixture voice) : IClassFixture<SquadLineFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_caller_is_handed_to_the_other_desk_and_back_and_each_remembers()
    {
        voice.Twilio.Faults.Clear();
        voice.Language.Script = Talk;
        await using var phone = await TwilioPhone.CallAsync(voice.Phone() with { To = SquadLineFixture.Line }, Cancellation);
        (await phone.ListenAsync(Cancellation)).ShouldBe("Harbor Street Clinic, how can I help you?");
        await phone.SayAsync("Where is my parcel with the blue umbrella?", Cancellation);
        await phone.HearAsync("Parcels, how can I help you?", Cancellation);
        await phone.ListenAsync(Cancellation);
        await phone.SayAsync("What did I ask?", Cancellation);
        (await phone.ListenAsync(Cancellation)).ShouldBe("Parcels know of the blue umbrella.");
        await phone.SayAsync("I need an appointment too.", Cancellation);
        await phone.HearAsync("Clinic, how can I help you?", Cancellation);
        await phone.ListenAsync(Cancellation);
        await phone.SayAsync("What did I ask?", Cancellation);
        (await phone.ListenAsync(Cancellation)).ShouldBe("The clinic knows of the blue umbrella.");
        await phone.HangUpAsync();

        phone.Verbs.ShouldBe(["Connect", "Connect", "Connect"]);
        phone.Record.Violations.ShouldBeEmpty();
        CallState? call = null;
        await Eventually.IsTrueAsync(async () => (call = await StoredCalls.FindAsync(voice.ConnectionString, phone.CallSid)) is { IsEnded: true, Legs.Count: 3 }, TimeSpan.FromSeconds(15), "the three streams are not one call that is over");
        call!.EndedReason.ShouldBe("customer-ended-call");
        call.Assistants.Select(a => a.Name).ShouldBe(["receptionist", "dispatcher", "receptionist"]);
        call.Transfers.Select(t => (t.Kind, t.To)).ShouldBe([("assistant", "dispatcher"), ("assistant", "receptionist")]);
    }

    [Fact]
    public async Task A_caller_is_handed_over_though_Twilio_s_REST_API_does_not_answer()
    {
        voice.Twilio.Faults.Add(new SimulatorFault(SimulatorFaultKind.Status) { Status = 503 });
        voice.Language.Script = Talk;
        try
        {
            await using var phone = await TwilioPhone.CallAsync(voice.Phone() with { To = SquadLineFixture.Line }, Cancellation);
            await phone.ListenAsync(Cancellation);
            await phone.SayAsync("Where is my parcel with the blue umbrella?", Cancellation);
            await phone.HearAsync("Parcels, how can I help you?", Cancellation);
            await phone.ListenAsync(Cancellation);
            await phone.SayAsync("What did I ask?", Cancellation);
            (await phone.ListenAsync(Cancellation)).ShouldBe("Parcels know of the blue umbrella.");
            await phone.HangUpAsync();
            voice.Twilio.Account.Calls.Single(c => c.Sid == phone.CallSid).Redirects.ShouldBeEmpty();
        }
        finally
        {
            voice.Twilio.Faults.Clear();
        }
    }

    [Fact]
    public async Task Alone_on_a_line_an_assistant_has_nobody_to_hand_over_to()
    {
        IReadOnlyList<string> tools = [];
        voice.Language.Script = request =>
        {
            tools = request.Tools;
            return CompletionAnswer.Say("All right.");
        };
        await using var phone = await voice.CallAsync(Cancellation);
        await phone.ListenAsync(Cancellation);
        await phone.SayAsync("Where is my parcel?", Cancellation);
        await phone.ListenAsync(Cancellation);
        await phone.HangUpAsync();
        tools.ShouldContain("book_appointment");
        tools.ShouldNotContain("handoff_to_dispatcher");
    }

    private static CompletionAnswer Talk(CompletionRequest request)
    {
        var atParcels = request.Tools.Contains("track_shipment");
        var knows = request.Messages.Any(m => m.Role is "user" && m.Content?.Contains("blue umbrella", StringComparison.Ordinal) is true);
        return request.LastUserText switch
        {
            var text when text.StartsWith("Where is my parcel", StringComparison.Ordinal) && !atParcels => CompletionAnswer.Call("handoff_to_dispatcher", "{}"),
            var text when text.StartsWith("I need an appointment", StringComparison.Ordinal) && atParcels => CompletionAnswer.Call("handoff_to_receptionist", "{}"),
            _ => CompletionAnswer.Say($"{(atParcels ? "Parcels know" : "The clinic knows")} of {(knows ? "the blue umbrella" : "nothing")}."),
        };
    }
}
