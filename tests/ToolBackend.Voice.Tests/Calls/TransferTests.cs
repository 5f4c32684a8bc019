using ToolBackend.LocalStack.Simulators.Http;
using ToolBackend.LocalStack.Simulators.Language;
using ToolBackend.LocalStack.Simulators.Twilio.Phone;
using ToolBackend.Voice.Tests.CallLog;

namespace ToolBackend.Voice.Tests.Calls;

/// <summary>A caller who wants a person, and is connected or not.</summary>
public sealed class TransferTests(ToolVoiceFixture voice) : IClassFixture<ToolVoiceFixture>
{
    private static readonly string[] s_connected = ["Connect", "Dial +12065550110", "Whisper A caller asks for you.", "Hangup"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_caller_who_wants_a_person_is_connected_over_REST_after_a_sentence()
    {
        voice.Twilio.Faults.Clear();
        await using var phone = await AskForAPersonAsync(voice.Phone());
        phone.Verbs.ShouldBe(s_connected);
        voice.Twilio.Account.Calls.Single(c => c.Sid == phone.CallSid).Redirects.ShouldHaveSingleItem().Twiml!.ShouldContain($"timeout=\"40\" callerId=\"{voice.Phone().To}\"><Number");
        voice.Twilio.Account.Calls.Single(c => c.Sid == phone.CallSid).Redirects[0].Twiml!.ShouldContain("sendDigits=\"12\">+12065550110<");
        var call = await StoredCalls.ReportedAsync(voice.ConnectionString, phone.CallSid);
        (call.EndedReason, call.EndedClass).ShouldBe(("assistant-forwarded-call", "normal"));
        call.Transfers.ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData(SimulatorFaultKind.Status)]
    [InlineData(SimulatorFaultKind.Hang)]
    public async Task A_caller_is_connected_though_Twilio_s_REST_API_does_not_answer(SimulatorFaultKind kind)
    {
        voice.Twilio.Faults.Add(new SimulatorFault(kind) { Status = 503 });
        try
        {
            await using var phone = await AskForAPersonAsync(voice.Phone());
            phone.Verbs.ShouldBe(s_connected);
            voice.Twilio.Account.Calls.Single(c => c.Sid == phone.CallSid).Redirects.ShouldBeEmpty();
        }
        finally
        {
            voice.Twilio.Faults.Clear();
        }
    }

    [Fact]
    public async Task When_nobody_answers_the_assistant_is_there_again_and_remembers()
    {
        voice.Twilio.Faults.Clear();
        var asked = new List<CompletionRequest>();
        voice.Language.Script = request =>
        {
            asked.Add(request);
            return request.LastUserText.Contains("person", StringComparison.Ordinal) ? CompletionAnswer.Call("transferCall", "{}") : CompletionAnswer.Say("I will tell them.");
        };
        await using var phone = await TwilioPhone.CallAsync(voice.Phone() with { Dial = _ => "no-answer" }, Cancellation);
        await phone.ListenAsync(Cancellation);
        await phone.SayAsync("Can I talk to a person?", Cancellation);
        await phone.HearAsync("nobody could take your call", Cancellation);
        await phone.ListenAsync(Cancellation);
        await phone.SayAsync("Tell them I called.", Cancellation);
        (await phone.ListenAsync(Cancellation)).ShouldBe("I will tell them.");
        await phone.HangUpAsync();

        phone.Verbs.ShouldBe(["Connect", "Dial +12065550110", "Connect"]);
        var said = asked[^1].Messages.Where(m => m.Role is not "system").Select(m => $"{m.Role}: {m.Content}").ToList();
        said.ShouldContain("user: Can I talk to a person?");
        said.ShouldContain("assistant: I'm sorry, nobody could take your call. Is there anything else I can do for you?");
        said[^1].ShouldBe("user: Tell them I called.");
        var call = await StoredCalls.ReportedAsync(voice.ConnectionString, phone.CallSid);
        call.Legs.Count.ShouldBe(2);
    }

    /// <summary>Until the call is over.</summary>
    private async Task<TwilioPhone> AskForAPersonAsync(PhoneOptions options)
    {
        voice.Language.Script = _ => CompletionAnswer.Call("transferCall", "{}");
        var phone = await TwilioPhone.CallAsync(options, Cancellation);
        await phone.ListenAsync(Cancellation);
        await phone.SayAsync("A person, please.", Cancellation);
        (await phone.ListenAsync(Cancellation)).ShouldBe("Connecting you to the front desk.");
        await phone.Over.WaitAsync(TimeSpan.FromSeconds(8), Cancellation);
        return phone;
    }
}
