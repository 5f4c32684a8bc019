using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using ToolBackend.Core.Calls;
using ToolBackend.Core.Tools;
using ToolBackend.LocalStack.Simulators.Language;
using ToolBackend.LocalStack.Simulators.Twilio.Phone.Scripts;
using ToolBackend.Testing;
using ToolBackend.Voice.Tests.CallLog;

namespace ToolBackend.Voice.Tests.Calls;

/// <summary>The script that <c>./dev call receptionist --script booking</c> plays, with the model of rules and the real tools.</summary>
public sealed partial class BookingCallTests(VoiceFixture voice) : IClassFixture<VoiceFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_cleaning_is_booked_once_after_a_change_of_mind_though_the_tool_is_slow_and_the_assistant_hangs_up()
    {
        await SlowDownAsync();
        voice.Language.Script = null;
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
        caller.Turns[3].Heard.ShouldStartWith("This is taking a moment longer than usual. Booked. Cleaning with "); // asked for twice, by the tool's own words
        caller.Turns[3].Heard.ShouldEndWith("Is there anything else I can do for you?");
        caller.Turns[4].Heard.ShouldBe("Thanks for calling. Goodbye.");
        caller.Turns.ShouldAllBe(turn => !turn.WasInterrupted && turn.Silence < TimeSpan.FromSeconds(2));
        phone.Verbs.ShouldBe(["Connect", "Hangup"]);
        phone.Record.Violations.ShouldBeEmpty();
        script.Reference.ShouldNotBeNull();
        (await BookedInAsync(phone.CallSid)).ShouldBe(1);
        phone.Record.LongestSilenceAfter(caller.Turns[3].Said!).ShouldBeInRange(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(1.2)); // 0.7 s where nothing else runs

        var told = AskedModel.Last(voice.Language);
        told.Where(m => m.StartsWith("user: ", StringComparison.Ordinal)).ShouldBe(caller.Turns.Skip(1).Select(turn => "user: " + turn.Said));
        told.ShouldAllBe(m => !m.EndsWith(" —", StringComparison.Ordinal)); // nothing was cut short
        var call = await StoredCalls.ReportedAsync(voice.ConnectionString, phone.CallSid);
        (call.EndedReason, call.EndedClass, call.Interruptions).ShouldBe(("assistant-ended-call", "normal", 0));
        call.Tools.Select(t => t.Name).ShouldBe(["find_open_slots", "find_open_slots", "book_appointment", "book_appointment", "endCall"]);
    }

    [Fact]
    public async Task A_booking_that_was_begun_is_made_once_though_the_caller_talks_over_it()
    {
        await SlowDownAsync();
        var (day, time) = await FreeAsync();
        voice.Language.Script = request => request.LastUserText.Contains("hello", StringComparison.OrdinalIgnoreCase) ? CompletionAnswer.Say("I am here.")
            : request.FreshResults is [var result] ? CompletionAnswer.Say(result.Content)
            : CompletionAnswer.Call("book_appointment", $$"""{"service":"check-up","date":"{{day}}","time":"{{time}}","name":"Maria Lopez"}""");
        await using var phone = await voice.CallAsync(Cancellation);
        await phone.ListenAsync(Cancellation);
        await phone.SayAsync("Book that, please.", Cancellation);
        await Eventually.IsTrueAsync(() => Task.FromResult(phone.Record.OnsetAfter(phone.Record.Said[^1].At) != 0), TimeSpan.FromSeconds(5), "the tool was not heard working");
        await phone.SayAsync("Hello, are you there?", Cancellation);
        (await phone.ListenAsync(Cancellation)).ShouldEndWith("I am here.");
        await Eventually.IsTrueAsync(async () => await BookedInAsync(phone.CallSid) == 1, TimeSpan.FromSeconds(8), "nothing was booked");
        await phone.HangUpAsync();
        var call = await StoredCalls.ReportedAsync(voice.ConnectionString, phone.CallSid);
        call.Tools.Select(t => t.Name).ShouldBe(["book_appointment"]);
        (await BookedInAsync(phone.CallSid)).ShouldBe(1);
    }

    /// <summary>A time that is free, in words that the tool understands.</summary>
    private async Task<(string Day, string Time)> FreeAsync()
    {
        var call = new CallContext("look", "look", null, null);
        var first = Match.Empty;
        await Eventually.IsTrueAsync(
            async () => (first = Offer().Match((await voice.Services.GetRequiredService<ToolRunner>().RunAsync("find_open_slots", "1", """{"service":"check-up","date":"Monday"}"""u8.ToArray(), call)).Say)).Success,
            TimeSpan.FromSeconds(10), "no time is free"); // a first look-up of a process may be too late for its deadline
        return (first.Groups["day"].Value, first.Groups["time"].Value);
    }

    /// <summary>Every booking takes longer than a caller likes to wait, and than the tool's wall.</summary>
    private async Task SlowDownAsync()
    {
        await using var source = NpgsqlDataSource.Create(voice.ConnectionString);
        await using var command = source.CreateCommand("""
            create or replace function slowly() returns trigger language plpgsql as $$ begin perform pg_sleep(1.7); return new; end $$;
            create or replace trigger slowly before insert on appointment for each row execute function slowly();
            """);
        await command.ExecuteNonQueryAsync(Cancellation);
    }

    [GeneratedRegex(@"(?<day>today|tomorrow|[A-Z][a-z]+day, [A-Z][a-z]+ [\w ]+?) at (?<time>[\w ]+? [AP]M|noon)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Offer();

    private async Task<long> BookedInAsync(string callId)
    {
        await using var source = NpgsqlDataSource.Create(voice.ConnectionString);
        await using var command = source.CreateCommand("select count(*) from appointment where booked_in_call = $1");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = callId });
        return (long)(await command.ExecuteScalarAsync(Cancellation))!;
    }
}
