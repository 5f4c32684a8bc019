using System.Text.Json.Nodes;
using Npgsql;
using ToolBackend.LocalStack.Simulators.Http;
using ToolBackend.LocalStack.Simulators.Language;
using ToolBackend.LocalStack.Simulators.Twilio.Phone;
using ToolBackend.LocalStack.Simulators.Vapi.Bypass;
using ToolBackend.Testing;

namespace ToolBackend.Voice.Tests.FrontDoor;

/// <summary>Calls in which Vapi talks and which are ours at Twilio: what Vapi cannot do there, we do.</summary>
public sealed class BypassControlTests(FrontDoorFixture voice) : IClassFixture<FrontDoorFixture>
{
    private const string Person = "+12065550117";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_caller_who_wants_a_person_is_connected()
    {
        await using var phone = await AskForAPersonAsync(_ => "completed");
        await phone.Over.WaitAsync(TimeSpan.FromSeconds(20), Cancellation);
        phone.Verbs.ShouldBe(["Connect", $"Dial {Person}", "Hangup"]);
        phone.HeardText.ShouldContain("connecting you");
        voice.Twilio.Account.Calls.Single(c => c.Sid == phone.CallSid).Redirects.ShouldHaveSingleItem().Twiml!.ShouldContain("timeout=\"20\"");
        await OrderAsync(phone.CallSid, "done");
    }

    [Fact]
    public async Task When_nobody_answers_the_own_pipeline_is_there_and_remembers_what_was_said_to_Vapi()
    {
        voice.Language.Script = request => CompletionAnswer.Say(request.Messages.Any(m => m.Content?.Contains("blue umbrella", StringComparison.Ordinal) is true) ? "The blue umbrella, I know." : "I do not know.");
        await using var phone = await AskForAPersonAsync(_ => "no-answer");
        await phone.HearAsync("nobody could take your call", Cancellation, TimeSpan.FromSeconds(20));
        await phone.ListenAsync(Cancellation);
        await phone.SayAsync("What did I lose?", Cancellation);
        (await phone.ListenAsync(Cancellation)).ShouldBe("The blue umbrella, I know.");
        phone.Verbs.ShouldBe(["Connect", $"Dial {Person}", "Connect"]);
        await phone.HangUpAsync();
    }

    [Fact]
    public async Task A_transfer_that_is_told_twice_dials_once()
    {
        await using var phone = await AskForAPersonAsync(_ => "completed", tellings: 2);
        await phone.Over.WaitAsync(TimeSpan.FromSeconds(20), Cancellation);
        phone.Verbs.ShouldBe(["Connect", $"Dial {Person}", "Hangup"]);
        voice.Twilio.Account.Calls.Single(c => c.Sid == phone.CallSid).Redirects.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task When_Twilio_cannot_be_told_the_caller_is_connected_as_soon_as_Vapi_leaves_the_call()
    {
        voice.Twilio.Faults.Add(new SimulatorFault(SimulatorFaultKind.Status) { Status = 503 });
        try
        {
            await using var phone = await AskForAPersonAsync(_ => "completed");
            await OrderAsync(phone.CallSid, "failed");
            phone.DropStream();
            await phone.Over.WaitAsync(TimeSpan.FromSeconds(20), Cancellation);
            phone.Verbs.ShouldBe(["Connect", "Redirect", $"Dial {Person}", "Hangup"]);
        }
        finally
        {
            voice.Twilio.Faults.Clear();
        }
    }

    [Fact]
    public async Task A_call_that_Vapi_wants_ended_is_ended_at_Twilio()
    {
        voice.MakeWell();
        voice.Bypass = _ => new BypassPlan { Reply = _ => new BypassReply("Goodbye.") { LeavesHangUp = true } };
        await using var phone = await voice.CallAsync(Cancellation);
        await phone.ListenAsync(Cancellation);
        await phone.SayAsync("That was all.", Cancellation);
        await phone.Over.WaitAsync(TimeSpan.FromSeconds(20), Cancellation);
        phone.Verbs.ShouldBe(["Connect"], "it was ended over REST, and nothing followed");
        phone.HeardText.ShouldEndWith("Goodbye.");
        await OrderAsync(phone.CallSid, "done");
    }

    [Fact]
    public async Task Vapi_is_asked_to_leave_it_to_us_in_these_calls_only_and_sends_what_the_definition_wants()
    {
        voice.MakeWell();
        await using var phone = await voice.CallAsync(Cancellation);
        await phone.HangUpAsync();
        var asked = voice.Vapi.Requests.All.Last(r => r is { Method: "POST", Target: "/call" });
        var messages = JsonNode.Parse(asked.Body!)!["assistantOverrides"]!["serverMessages"]!.AsArray().Select(m => m!.GetValue<string>()).ToList();
        messages.ShouldBeUnique();
        messages.ShouldContain("phone-call-control");
        messages.ShouldContain("tool-calls");
        messages.ShouldContain("end-of-call-report");
    }

    private async Task<TwilioPhone> AskForAPersonAsync(Func<string, string> dial, int tellings = 1)
    {
        voice.MakeWell();
        voice.Bypass = _ => new BypassPlan { Reply = _ => new BypassReply("I am connecting you.") { ForwardsTo = Person, Tellings = tellings } };
        var phone = await TwilioPhone.CallAsync(voice.Phone() with { Dial = dial }, Cancellation);
        await phone.ListenAsync(Cancellation);
        await phone.SayAsync("I lost my blue umbrella, can I talk to a person?", Cancellation);
        await phone.HearAsync("connecting you", Cancellation);
        return phone;
    }

    private async Task OrderAsync(string callSid, string state)
    {
        await using var source = NpgsqlDataSource.Create(voice.ConnectionString);
        await Eventually.IsTrueAsync(
            async () =>
            {
                await using var command = source.CreateCommand("select count(*) from call_order where call_sid = $1 and state = $2 and request is null");
                command.Parameters.AddWithValue(callSid);
                command.Parameters.AddWithValue(state);
                return await command.ExecuteScalarAsync(Cancellation) is 1L;
            },
            TimeSpan.FromSeconds(15), $"there is not one order that is {state}");
    }
}
