using Npgsql;
using ToolBackend.LocalStack.Simulators.Twilio.Phone.Scripts;

namespace ToolBackend.Voice.Tests.Calls;

/// <summary>The script that <c>./dev call receptionist --script booking</c> plays, with the model of rules and the real tools.</summary>
public sealed class BookingCallTests(VoiceFixture voice) : IClassFixture<VoiceFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_cleaning_is_booked_after_a_change_of_mind_and_the_assistant_hangs_up()
    {
        var script = new BookingScript();
        await using var phone = await voice.CallAsync(Cancellation);
        var caller = new ScriptedCaller(phone, TimeProvider.System);
        await script.PlayAsync(caller, Cancellation);

        caller.Turns.Count.ShouldBe(5);
        caller.Turns[0].Heard.ShouldBe("Harbor Street Clinic, how can I help you?");
        caller.Turns[1].Said.ShouldBe("Hi, I need a cleaning on Wednesday.");
        caller.Turns[1].Heard.ShouldContain("cleaning");
        caller.Turns[1].Heard.ShouldContain("there is time", Case.Insensitive);
        caller.Turns[2].Said!.ShouldStartWith("Oh wait, ");
        caller.Turns[2].Heard.ShouldContain("there is time", Case.Insensitive);
        caller.Turns[2].Heard.ShouldNotBe(caller.Turns[1].Heard);
        caller.Turns[3].Said!.ShouldEndWith("please.");
        caller.Turns[3].Heard.ShouldStartWith("Booked. Cleaning with ");
        caller.Turns[3].Heard.ShouldEndWith("Is there anything else I can do for you?");
        caller.Turns[4].Heard.ShouldBe("Thanks for calling. Goodbye.");
        caller.Turns.ShouldAllBe(turn => !turn.WasInterrupted && turn.Silence < TimeSpan.FromSeconds(2));
        phone.Verbs.ShouldBe(["Connect", "Hangup"]);
        phone.Record.Violations.ShouldBeEmpty();
        script.Reference.ShouldNotBeNull();
        (await BookedInAsync(phone.CallSid)).ShouldBe(1);
    }

    private async Task<long> BookedInAsync(string callId)
    {
        await using var source = NpgsqlDataSource.Create(voice.ConnectionString);
        await using var command = source.CreateCommand("select count(*) from appointment where booked_in_call = $1");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = callId });
        return (long)(await command.ExecuteScalarAsync(Cancellation))!;
    }
}
